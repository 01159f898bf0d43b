/** R20 a new machine gets its configuration from a backup, in the browser, with the code that its console shows. */
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findBarriers } from '../../support/axe.ts'
import { browserMissing, openBrowser, openPage, takePicture } from '../../support/browser.ts'
import { adminPassword, RunningVedette } from '../../support/running-vedette.ts'

if (browserMissing) console.warn(`Skipped: ${browserMissing}.`)

const passphrase = 'seven words of a passphrase'

describe.skipIf(browserMissing)('a new machine', () => {
  let vedette: RunningVedette
  let browser: Browser
  let page: Page
  let complaints: string[]
  let backup: Buffer

  beforeAll(async () => {
    ;[vedette, browser] = await Promise.all([RunningVedette.open(), openBrowser()])
    backup = await backupOfAnother()
    ;({ page, complaints } = await openPage(browser, vedette.url, { viewport: { width: 1440, height: 900 } }))
    page.setDefaultTimeout(20_000)
  })
  afterAll(async () => {
    await browser?.close()
    await vedette?.close()
  })

  const button = (name: string) => page.getByRole('button', { name })
  const looksWell = async (name: string) => {
    for (const [width, height] of [
      [1440, 900],
      [360, 740],
    ] as const)
      for (const colorScheme of ['dark', 'light'] as const) {
        await page.setViewportSize({ width, height })
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
        expect(await findBarriers(page), `${name} ${width} ${colorScheme}`).toEqual([])
        expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
        await takePicture(page, `setup-restore-${name}-${width}-${colorScheme}`)
      }
  }

  test('R20 says what is missing, shows what a backup brings, restores it and lets its administrator in', async () => {
    const code = /#code=(\S+)/.exec(vedette.output())?.[1] ?? ''
    await page.goto(`/setup#code=${code}`)
    await button('Restore from a backup').click()
    await expect.poll(() => page.getByLabel('One-time code').inputValue()).toBe(code)
    const chooser = page.waitForEvent('filechooser')
    await button('Choose a file').click()
    await (await chooser).setFiles({ name: 'vedette.age', mimeType: 'application/octet-stream', buffer: backup })
    await page.getByLabel('Its passphrase').fill('not this passphrase')
    await page.getByLabel('One-time code').fill('WRONG')
    await button('See what it brings').click()
    await page.getByText('That is not the code on the console.').waitFor()
    await page.getByLabel('One-time code').fill(code)
    await button('See what it brings').click()
    await page.getByRole('alert').waitFor()
    await looksWell('refused')
    await page.getByLabel('Its passphrase').fill(passphrase)
    await button('See what it brings').click()
    await page.getByText('anna becomes an administrator.').waitFor()
    await page.getByRole('dialog').getByText('Yard').waitFor()
    await looksWell('plan')
    await page.getByRole('button', { name: /^Restore: / }).click()
    await page.waitForURL('**/login')
    await page.getByLabel('User name').fill('anna')
    await page.getByLabel('Password', { exact: true }).fill(adminPassword)
    await button('Sign in').click()
    await page.waitForURL('**/live')
    await page.goto('/cameras')
    await page.getByRole('link', { name: 'Yard' }).first().waitFor()
    expect(complaints).toEqual([])
  })
})

async function backupOfAnother(): Promise<Buffer> {
  const other = await RunningVedette.open()
  await other.setUp('anna')
  await other.addCamera({ name: 'Yard', address: 'rtsp://127.0.0.1:9/main' })
  const answer = await fetch(`${other.url}/api/backups/export`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie: other.cookie },
    body: JSON.stringify({ passphrase }),
  })
  expect(answer.status).toBe(200)
  const bytes = Buffer.from(await answer.arrayBuffer())
  await other.close()
  return bytes
}
