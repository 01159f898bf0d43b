/** What a browser fetches before the first page can be used: at most 300 kB, compressed, with the font. */
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { browserMissing, openBrowser, openPage } from '../../support/browser.ts'
import { RunningVedette } from '../../support/running-vedette.ts'

if (browserMissing) console.warn(`Skipped: ${browserMissing}.`)

const mostBytes = 300_000

describe.skipIf(browserMissing)('the first load', () => {
  let vedette: RunningVedette
  let browser: Browser
  beforeAll(async () => {
    ;[vedette, browser] = await Promise.all([RunningVedette.open(), openBrowser()])
    await vedette.setUp()
  })
  afterAll(async () => {
    await browser?.close()
    await vedette?.close()
  })

  const paths = ['/live', '/timeline', '/cameras', '/storage', '/profile', '/users', '/audit']
  test.each(paths)('of %s is at most 300 kB', async (path) => {
    const { page } = await openPage(browser, vedette.url, { cookie: vedette.cookie })
    await page.goto(path, { waitUntil: 'load' })
    await page.getByRole('navigation').first().waitFor()
    await page.evaluate('document.fonts.ready.then(() => undefined)')
    const sizes = await page.evaluate<readonly { readonly name: string; readonly bytes: number }[]>(
      `performance.getEntriesByType('resource').filter(({ name }) => name.includes('/assets/')).map(({ name, encodedBodySize }) => ({ name, bytes: encodedBodySize }))`,
    )
    expect(sizes.length).toBeGreaterThan(3)
    const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0)
    expect(total, JSON.stringify(sizes, null, 1)).toBeLessThan(mostBytes)
    console.info(`${path}: ${Math.round(total / 1000)} kB in ${sizes.length} files`)
    await page.context().close()
  })
})
