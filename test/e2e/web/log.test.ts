/** The log page in the browser, against the real program: read, narrowed, followed, downloaded; nothing wider than a phone. */
import { readFileSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findBarriers } from '../../support/axe.ts'
import { browserMissing, openBrowser, openPage, takePicture } from '../../support/browser.ts'
import { RunningVedette } from '../../support/running-vedette.ts'

if (browserMissing) console.warn(`Skipped: ${browserMissing}.`)

const strange = 'Yard \u202egnp\u001b[31m "x"'

describe.skipIf(browserMissing)('R23 the log page', () => {
  let vedette: RunningVedette
  let browser: Browser
  let page: Page
  let complaints: string[]

  beforeAll(async () => {
    ;[vedette, browser] = await Promise.all([
      RunningVedette.open({ environment: { VEDETTE_LOG_LEVEL: 'debug' } }),
      openBrowser(),
    ])
    await vedette.setUp('anna')
    // A port that nobody listens on: the recorder has something to say.
    await vedette.addCamera({ name: 'Yard', address: 'rtsp://127.0.0.1:9/yard' })
    ;({ page, complaints } = await openPage(browser, vedette.url, {
      cookie: vedette.cookie,
      viewport: { width: 1440, height: 900 },
      acceptDownloads: true,
      colorScheme: 'dark',
    }))
    page.setDefaultTimeout(20_000)
    await page.goto('/log')
  })
  afterAll(async () => {
    await browser?.close()
    await vedette?.close()
  })

  const rows = () => page.getByRole('list', { name: 'Records of the log' }).getByRole('listitem')
  const aboutCamera = () => rows().filter({ hasText: 'Yard' }).first()

  test('shows what was written, newest first, and all of a record on a press', async () => {
    await aboutCamera().waitFor()
    await aboutCamera().getByRole('button').click()
    expect(await aboutCamera().locator('pre').textContent()).toMatch(/\S/)
    await takePicture(page, 'log-1440-dark')
    expect(await findBarriers(page)).toEqual([])
    expect(complaints).toEqual([])
  })

  test('follows: what happens now appears by itself', async () => {
    const before = await rows().count()
    await vedette.addCamera({ name: 'Gate', address: 'rtsp://127.0.0.1:9/gate' })
    await rows().filter({ hasText: 'Gate' }).first().waitFor()
    expect(await rows().count()).toBeGreaterThan(before)
  })

  test('narrows by process, gravity and words, takes words as they are, and says when there is nothing', async () => {
    await page.getByLabel('Process').selectOption('control')
    await expect.poll(() => rows().filter({ hasText: 'recorder ·' }).count()).toBe(0)
    await page.getByRole('searchbox').fill(`(.*)+ ${strange}`)
    await page.getByText('Nothing like this was found.').waitFor()
    await takePicture(page, 'log-empty-1440')
    await page.getByRole('button', { name: 'Show everything' }).click()
    await aboutCamera().waitFor()
  })

  test('is downloaded clean, and the audit log says so', async () => {
    const downloading = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Download' }).click()
    const text = readFileSync(await (await downloading).path(), 'utf8')
    expect(text.split('\n')[0]).toContain('"vedette"')
    expect(text).toContain('"name":"recorder"')
    expect(JSON.stringify(await vedette.call('GET', '/api/audit'))).toContain('logs.downloaded')
  })

  test('fits a phone, in the light, too', async () => {
    await page.setViewportSize({ width: 360, height: 740 })
    await page.emulateMedia({ colorScheme: 'light' })
    await aboutCamera().waitFor()
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360)
    await takePicture(page, 'log-360-light')
    expect(await findBarriers(page)).toEqual([])
    await page.emulateMedia({ colorScheme: 'dark' })
    await takePicture(page, 'log-360-dark')
    await page.setViewportSize({ width: 1440, height: 900 })
    await page.emulateMedia({ colorScheme: 'light' })
    await takePicture(page, 'log-1440-light')
    expect(complaints).toEqual([])
  })

  test('says what is wrong when it cannot be read, and tries again on request', async () => {
    await page.route('**/api/logs*', (route) => route.abort())
    await page.reload()
    await page.getByRole('button', { name: 'Try again' }).waitFor()
    await page.unroute('**/api/logs*')
    await page.getByRole('button', { name: 'Try again' }).click()
    await aboutCamera().waitFor()
  })
})
