/** Live pictures in a real browser: they move, they are quick, they fall back, they say why when they stand still. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CameraView } from '@vedette/shared/camera.ts'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { SimulatedCamera } from '../../cameras/simulated-camera.ts'
import { findBarriers } from '../../support/axe.ts'
import { browserMissing, openBrowser, openPage, takePicture } from '../../support/browser.ts'
import { RunningVedette } from '../../support/running-vedette.ts'
import { seePicture } from '../../support/seen-picture.ts'

if (browserMissing) console.warn(`Skipped: ${browserMissing}.`)

const patience = { timeout: 30_000, interval: 100 }
const mainWidth = 1280
const subWidth = 640

describe.skipIf(browserMissing)('live', () => {
  let camera: SimulatedCamera
  let vedette: RunningVedette
  let yard: CameraView
  let browser: Browser
  const dataDir = mkdtempSync(join(tmpdir(), 'vedette-live-'))

  beforeAll(async () => {
    ;[camera, vedette, browser] = await Promise.all([
      SimulatedCamera.open({ name: 'yard', audio: 'aac' }),
      RunningVedette.open({ dataDir }),
      openBrowser(),
    ])
    await vedette.setUp()
    yard = await vedette.addCamera({
      name: 'Yard',
      address: camera.address('main'),
      subAddress: camera.address('sub'),
    })
    await isOnline()
  })
  afterAll(async () => {
    await browser?.close()
    await vedette?.close()
    await camera?.close()
    rmSync(dataDir, { recursive: true, force: true })
  })

  const tile = () => `[data-camera="${yard.id}"]`
  const isOnline = () =>
    vi.waitFor(async () => expect((await vedette.cameras())[0]?.status.state).toBe('online'), patience)
  const open = (path = '/live') =>
    openPage(browser, vedette.url, { cookie: vedette.cookie }).then(async (opened) => {
      await opened.page.goto(path)
      return opened
    })
  const isLive = (page: Page, transport: string) =>
    page.locator(`${tile()}[data-picture="live"][data-transport="${transport}"]`).waitFor()

  async function expectToMove(page: Page) {
    const before = await vi.waitFor(async () => {
      const seen = await seePicture(page, tile())
      expect(seen?.brightness).toBeGreaterThan(40)
      return seen
    }, patience)
    await vi.waitFor(async () => expect((await seePicture(page, tile()))?.counter).not.toBe(before?.counter), patience)
  }

  test('a picture comes at once, moves, and tells how late it is', async () => {
    const { page, complaints } = await open()
    await page.locator(tile()).waitFor()
    const mountedMs = Date.now()
    await isLive(page, 'webcodecs')
    // The spec asks for half a second on a quiet machine; tests share theirs.
    expect(Date.now() - mountedMs).toBeLessThan(10_000)
    await expectToMove(page)
    expect((await seePicture(page, tile()))?.width).toBe(subWidth)
    await vi.waitFor(async () => {
      const latencyMs = Number(await page.locator(`${tile()} [data-latency]`).getAttribute('data-latency'))
      expect(latencyMs).toBeGreaterThan(0)
      expect(latencyMs).toBeLessThan(1000)
    }, patience)
    await page.locator(tile()).hover()
    await takePicture(page, 'live')
    expect(await findBarriers(page)).toEqual([])
    expect(complaints).toEqual([])
    await page.context().close()
  })

  test('enlarging a tile changes to the main stream without a black frame', async () => {
    const { page } = await open()
    await isLive(page, 'webcodecs')
    await expectToMove(page)
    await page.keyboard.press('1')
    const seen = []
    do {
      const picture = await seePicture(page, tile())
      expect(picture?.brightness).toBeGreaterThan(40)
      seen.push(picture?.width)
    } while (seen.length < 400 && seen.at(-1) !== mainWidth)
    expect(seen.at(-1)).toBe(mainWidth)
    expect(new URL(page.url()).searchParams.get('camera')).toBe(yard.id)
    await page.keyboard.press('Escape')
    await page.locator(`${tile()}[data-stream="sub"]`).waitFor()
    await page.context().close()
  })

  test('a large picture can be heard', async () => {
    const { page, complaints } = await open(`/live?camera=${yard.id}`)
    await page.evaluate(`{
      const start = AudioBufferSourceNode.prototype.start
      globalThis.loudest = 0
      AudioBufferSourceNode.prototype.start = function (...when) {
        for (const sample of this.buffer.getChannelData(0)) globalThis.loudest = Math.max(globalThis.loudest, sample)
        start.apply(this, when)
      }
    }`)
    await isLive(page, 'webcodecs')
    await page.getByRole('button', { name: 'Hear Yard' }).click()
    await expect.poll(() => page.evaluate<number>('globalThis.loudest'), patience).toBeGreaterThan(0.01)
    expect(complaints).toEqual([])
    await page.context().close()
  })

  test.each(['mse', 'jpeg'] as const)('%s shows moving pictures, too', async (liveMode) => {
    await vedette.call('PATCH', `/api/cameras/${yard.id}`, { liveMode })
    const { page, complaints } = await open()
    await isLive(page, liveMode)
    await expectToMove(page)
    expect(complaints).toEqual([])
    await page.context().close()
    await vedette.call('PATCH', `/api/cameras/${yard.id}`, { liveMode: 'auto' })
    await isOnline()
  })

  test('a camera that goes away leaves its last picture dimmed with a sentence, and comes back by itself', async () => {
    const { page } = await open()
    await isLive(page, 'webcodecs')
    await expectToMove(page)
    await camera.apply({ do: 'refuse' })
    const words = page.locator(tile())
    await expect.poll(() => words.textContent(), patience).toMatch(/does not answer[\s\S]*Next try/)
    expect(await page.locator('header').textContent()).toContain('1 offline')
    expect((await seePicture(page, tile()))?.brightness).toBeGreaterThan(40)
    await takePicture(page, 'live-camera-away')
    expect(await findBarriers(page)).toEqual([])

    await camera.apply({ do: 'refuse', on: false })
    await expect.poll(() => words.textContent(), { ...patience, timeout: 60_000 }).not.toContain('does not answer')
    await expectToMove(page)
    await page.context().close()
  })

  test('the page survives a restart of the server', async () => {
    const { page } = await open()
    await isLive(page, 'webcodecs')
    const { port } = new URL(vedette.url)
    await vedette.stop()
    await expect.poll(() => page.locator(tile()).textContent(), patience).toContain('The server does not answer')
    vedette = await RunningVedette.open({ dataDir, args: ['--port', port] })
    await vedette.signIn()
    await isLive(page, 'webcodecs')
    await expectToMove(page)
    await page.context().close()
  })
})
