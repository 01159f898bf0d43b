/** Backups in the browser, against the real program: from no passphrase to a restore that was read first. */
import { readFile } from 'node:fs/promises'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { findBarriers } from '../../support/axe.ts'
import { browserMissing, openBrowser, openPage, takePicture } from '../../support/browser.ts'
import { adminPassword, RunningVedette } from '../../support/running-vedette.ts'

if (browserMissing) console.warn(`Skipped: ${browserMissing}.`)

const cameraSecret = 'p@ss of the yard'

describe.skipIf(browserMissing)('an administrator and the backups', () => {
  let vedette: RunningVedette
  let browser: Browser
  let page: Page
  let complaints: string[]
  let cameraId: string
  let file: Buffer

  beforeAll(async () => {
    ;[vedette, browser] = await Promise.all([RunningVedette.open(), openBrowser()])
    await vedette.setUp('anna')
    const camera = { name: 'Yard', address: 'rtsp://127.0.0.1:9/main', username: 'root', password: cameraSecret }
    cameraId = (await vedette.addCamera(camera)).id
    await vedette.call('POST', '/api/users', { username: 'ben', password: 'a password for ben', role: 'viewer' })
    ;({ page, complaints } = await openPage(browser, vedette.url, {
      viewport: { width: 1440, height: 900 },
      cookie: vedette.cookie,
      acceptDownloads: true,
    }))
    page.setDefaultTimeout(20_000)
  })
  afterAll(async () => {
    await browser?.close()
    await vedette?.close()
  })

  let failed = false
  beforeEach((context) => {
    if (failed) context.skip()
    context.onTestFailed(async () => {
      failed = true
      await takePicture(page, 'backup-failed')
    })
  })

  const button = (name: string | RegExp) => page.getByRole('button', { name })
  const inDialog = (name: string | RegExp) => page.getByRole('dialog').getByRole('button', { name })
  const says = (text: string | RegExp) => page.getByText(text).first().waitFor()
  /** The page in every form that people have it: a picture of each, and no barrier in any. */
  const pictures = async (name: string) => {
    for (const [width, height] of [
      [1440, 900],
      [360, 740],
    ] as const)
      for (const colorScheme of ['dark', 'light'] as const) {
        await page.setViewportSize({ width, height })
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
        expect(await findBarriers(page), `${name} ${width} ${colorScheme}`).toEqual([])
        await takePicture(page, `backup-${name}-${width}-${colorScheme}`)
      }
    await page.setViewportSize({ width: 1440, height: 900 })
    await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'no-preference' })
  }
  const fitsPhone = async () => {
    await page.setViewportSize({ width: 360, height: 740 })
    const overflow = await page.evaluate<number>(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    )
    await page.setViewportSize({ width: 1440, height: 900 })
    return overflow <= 0
  }

  test('R25 hears that there is no backup, and what one needs', async () => {
    await page.goto('/backup')
    await says('There is no automatic backup yet')
    await says('There is none yet.')
    expect(await button('Back up now').count()).toBe(0)
    expect(await fitsPhone()).toBe(true)
    await pictures('off')
  })

  test('R9 sets a suggested passphrase, after the own password was given again', async () => {
    await button('Set a passphrase').click()
    await inDialog('Suggest one').click()
    await expect.poll(() => inDialog('Set it').isDisabled()).toBe(true)
    await page.getByLabel('It is written down outside of this machine').check()
    await pictures('passphrase')
    await inDialog('Set it').click()
    const dialog = page.getByLabel('Password', { exact: true })
    if (
      await dialog.waitFor({ timeout: 1500 }).then(
        () => true,
        () => false,
      )
    ) {
      await dialog.fill(adminPassword)
      await page.keyboard.press('Enter')
    }
    await says('The passphrase is set.')
    await says('by itself') // The first one is made at once.
    await button('Back up now').click()
    await says('A backup is made.')
    await says('by hand')
    await pictures('on')
  })

  test('R25 downloads a backup with a passphrase of its own', async () => {
    await button('Download a backup').click()
    await page.getByLabel('Passphrase', { exact: true }).fill('a passphrase for elsewhere')
    await page.getByLabel('It is written down outside of this machine').check()
    const download = page.waitForEvent('download')
    await inDialog('Download').click()
    const saved = await download
    expect(saved.suggestedFilename()).toMatch(/^vedette-\d{4}-\d\d-\d\d\.age$/)
    file = await readFile(await saved.path())
    expect(file.toString('latin1', 0, 21)).toBe('age-encryption.org/v1')
  })

  test('R20 a wrong passphrase or a damaged file changes nothing, and says so', async () => {
    await button('Restore from a file').click()
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'house.age', mimeType: 'application/octet-stream', buffer: file })
    await page.getByLabel('Its passphrase').fill('not the passphrase')
    await inDialog('See what would change').click()
    await says('The passphrase does not open this backup')
    await pictures('refused')
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('hello') })
    await inDialog('See what would change').click()
    await says('This is no backup of Vedette')
  })

  test('R20 sees what would change before agreeing, and secrets nowhere', async () => {
    await vedette.call('PATCH', `/api/cameras/${cameraId}`, {
      name: 'Garden',
      keepDays: 3,
      password: 'quite different',
    })
    await vedette.call('POST', '/api/users', { username: 'cleo', password: 'a password for cleo', role: 'viewer' })
    await vedette.call('POST', '/api/groups', { name: 'Outside', cameras: [cameraId] })
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'house.age', mimeType: 'application/octet-stream', buffer: file })
    await page.getByLabel('Its passphrase').fill('a passphrase for elsewhere')
    await inDialog('See what would change').click()
    const users = page.getByRole('region', { name: 'Users' })
    await users.getByText('cleo').waitFor()
    expect(await users.textContent()).toMatch(/3 now, 2 afterwards.*goes.*cleo/)
    const cameras = await page.getByRole('region', { name: 'Cameras', exact: true }).textContent()
    expect(cameras).toMatch(/Name\s*Garden\s*→\s*Yard/)
    expect(cameras).toMatch(/Password\s*is another one/)
    expect(await page.getByRole('dialog').textContent()).not.toMatch(/quite different|p@ss|argon2/)
    await pictures('plan')
  })

  test('R20 restores exactly that; a second look finds nothing to do', async () => {
    await inDialog(/^Restore: \d+ changes$/).click()
    await says(/^Restored: \d+ changes\.$/)
    expect((await vedette.cameras()).map(({ name, hasPassword }) => [name, hasPassword])).toEqual([['Yard', true]])
    const { users } = Object(await vedette.call('GET', '/api/users'))
    expect(users.map(({ username }: { username: string }) => username)).toEqual(['anna', 'ben'])
    await page.getByText('by hand').first().waitFor()
    await button('Restore …').first().click()
    await inDialog('See what would change').click()
    await page.getByText(/Made .* by Vedette/).waitFor()
    await pictures('second')
    await inDialog('Close').last().click()
  })

  test('R24 the audit log tells of all of it, and the pages complained of nothing', async () => {
    await page.goto('/audit')
    await button('Restored from a backup').first().waitFor()
    await button('Backup downloaded').first().waitFor()
    expect(complaints).toEqual([])
  })
})
