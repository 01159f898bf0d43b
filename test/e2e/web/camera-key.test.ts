/** A TLS camera that shows another key, in the browser: what its page says, and how an administrator lets it in again. */
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { browserMissing, openBrowser, openPage, takePicture } from '../../support/browser.ts'
import { ChangingCamera, whyNoChangingCamera } from '../../support/changing-camera.ts'
import { RunningVedette } from '../../support/running-vedette.ts'

if (browserMissing) console.warn(`Skipped: ${browserMissing}.`)
const missing = browserMissing ?? whyNoChangingCamera()

describe.skipIf(missing)('R15 the key of a camera', () => {
  let camera: ChangingCamera
  let vedette: RunningVedette
  let browser: Browser
  let page: Page
  let complaints: string[]
  beforeAll(async () => {
    ;[camera, vedette, browser] = await Promise.all([ChangingCamera.open(), RunningVedette.open(), openBrowser()])
    await vedette.setUp()
    const { id } = await vedette.addCamera({ name: 'Gate', address: camera.address })
    const viewport = { width: 1440, height: 900 }
    ;({ page, complaints } = await openPage(browser, vedette.url, { viewport, cookie: vedette.cookie }))
    await page.goto(`/cameras/${id}`)
    await page.getByText('Online').first().waitFor({ timeout: 30_000 })
  })
  afterAll(async () => {
    await browser?.close()
    await vedette?.close()
    await camera?.close()
  })

  test('R15 a changed key is shown beside the known one, and trusted with one button', async () => {
    const note = page.getByRole('alert').filter({ hasText: 'another key than before' })
    expect(await note.count()).toBe(0)
    await camera.become('second')
    await note.waitFor({ timeout: 30_000 })
    await page.getByText('Not trusted').first().waitFor()
    expect(await note.getByText(/^([0-9a-f]{8} ?){8}$/).count()).toBe(2)
    for (const [name, width, scheme] of [
      ['wide-dark', 1440, 'dark'],
      ['wide-light', 1440, 'light'],
      ['phone-dark', 360, 'dark'],
      ['phone-light', 360, 'light'],
    ] as const) {
      await page.emulateMedia({ colorScheme: scheme })
      await page.setViewportSize({ width, height: 900 })
      await note.scrollIntoViewIfNeeded()
      await takePicture(page, `camera-key-${name}`)
    }
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
    await note.getByRole('button', { name: 'Trust the new key' }).click()
    await page.getByText('Gate is connected with its new key.').waitFor()
    await expect.poll(() => note.count(), { timeout: 30_000 }).toBe(0)
    await page.getByText('Online').first().waitFor({ timeout: 30_000 })
    expect(complaints).toEqual([])
  })
})
