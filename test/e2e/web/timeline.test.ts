/** The timeline in a real browser: seeks land on the frame, gaps are drawn and jumped, previews show, cameras keep step. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CameraView } from '@vedette/shared/camera.ts'
import { timelineAnswer } from '@vedette/shared/timeline.ts'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { SimulatedCamera } from '../../cameras/simulated-camera.ts'
import { findBarriers } from '../../support/axe.ts'
import { browserMissing, openBrowser, openPage, takePicture } from '../../support/browser.ts'
import { RunningVedette } from '../../support/running-vedette.ts'
import { framesBetween, loopFrames, seePicture } from '../../support/seen-picture.ts'

if (browserMissing) console.warn(`Skipped: ${browserMissing}.`)

const patience = { timeout: 30_000, interval: 100 }
const frameMs = 40

describe.skipIf(browserMissing)('timeline', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'vedette-timeline-'))
  const cameras: SimulatedCamera[] = []
  let vedette: RunningVedette
  let yard: CameraView
  let door: CameraView
  let browser: Browser
  /** Both cameras have footage from here on. */
  let startMs = 0
  /** Only the yard's footage is missing here. */
  let gap = { startMs: 0, endMs: 0 }

  // About forty seconds of footage with a gap in the middle.
  beforeAll(async () => {
    for (const name of ['yard', 'door']) cameras.push(await SimulatedCamera.open({ name, main: { variant: 0 } }))
    ;[vedette, browser] = await Promise.all([RunningVedette.open({ dataDir }), openBrowser()])
    await vedette.setUp()
    const add = (name: string, camera: SimulatedCamera | undefined) =>
      vedette.addCamera({ name, address: camera?.address('main') ?? '', subAddress: camera?.address('sub') ?? '' })
    yard = await add('Yard', cameras[0])
    door = await add('Door', cameras[1])
    await areUp()
    startMs = Date.now()
    await footageReaches(startMs + 14_000)
    await cameras[0]?.apply({ do: 'refuse' })
    await vi.waitFor(async () => expect((await vedette.cameras())[0]?.status.state).toBe('unreachable'), patience)
    await footageReaches(Date.now() + 3_000, door)
    await cameras[0]?.apply({ do: 'refuse', on: false })
    await areUp()
    await footageReaches(Date.now() + 10_000)
    gap = await vi.waitFor(async () => {
      const [missing] = (await readTimeline()).lanes[0]?.missing.filter((one) => one.cause === 'unreachable') ?? []
      expect(missing).toBeDefined()
      return missing ?? gap
    }, patience)
  }, 180_000)
  afterAll(async () => {
    await browser?.close()
    await vedette?.close()
    for (const camera of cameras) await camera.close()
    rmSync(dataDir, { recursive: true, force: true })
  })

  const areUp = () =>
    vi.waitFor(async () => {
      const states = (await vedette.cameras()).map((camera) => camera.status.state)
      expect(states).toEqual(['online', 'online'])
    }, patience)
  const footageReaches = (ms: number, camera = yard) =>
    vi.waitFor(
      async () => {
        const parts = await vedette.call(
          'GET',
          `/api/cameras/${camera.id}/parts?startMs=${startMs}&endMs=${ms + 60_000}`,
        )
        expect(JSON.stringify(parts)).toMatch(/"endMs":\d+/)
        const ends = [...JSON.stringify(parts).matchAll(/"endMs":(\d+)/g)].map((match) => Number(match[1]))
        expect(Math.max(...ends)).toBeGreaterThan(ms)
      },
      { timeout: 60_000, interval: 500 },
    )
  const readTimeline = async () =>
    timelineAnswer.parse(
      await vedette.call('GET', `/api/timeline?fromMs=${startMs - 1000}&toMs=${Date.now()}&camera=${yard.id}`),
    )

  async function open(atMs: number, ...players: CameraView[]) {
    const opened = await openPage(browser, vedette.url, { cookie: vedette.cookie })
    const ids = encodeURIComponent(JSON.stringify(players.map((camera) => camera.id)))
    await opened.page.goto(`/timeline?camera=${ids}&at=${atMs}`)
    for (const camera of players) await opened.page.locator(`${player(camera)}[data-state]`).waitFor()
    return opened
  }
  const player = (camera: CameraView) => `[data-player="${camera.id}"]`
  const isReady = (page: Page, camera: CameraView) => page.locator(`${player(camera)}[data-state="ready"]`).waitFor()
  const atMs = async (page: Page) => Number(await page.locator('time[data-at]').getAttribute('data-at'))

  /** The instant and the frame on screen, once both stand still. */
  async function standing(page: Page, camera: CameraView) {
    await isReady(page, camera)
    let last = { ms: 0, counter: -1 }
    return vi.waitFor(
      async () => {
        const seen = await seePicture(page, player(camera))
        const now = { ms: await atMs(page), counter: seen?.counter ?? 0 }
        const before = last
        last = now
        expect(seen?.brightness).toBeGreaterThan(40)
        expect(now).toEqual(before)
        return now
      },
      { ...patience, interval: 250 },
    )
  }

  /** Which frame the camera had sent last at an instant, from the stamps in the recorded files. */
  function recordedCounter(name: string, ms: number): number {
    let latest = { sentMs: 0, frame: 0 }
    const folder = join(dataDir, 'footage')
    for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      if (!file.endsWith('-main.mp4')) continue
      const text = readFileSync(join(folder, file), 'latin1')
      for (const [, frame, sentUs] of text.matchAll(new RegExp(`VEDETTE ${name} main (\\d{10}) (\\d{16})`, 'g'))) {
        const sentMs = Number(sentUs) / 1000
        if (sentMs <= ms && sentMs > latest.sentMs) latest = { sentMs, frame: Number(frame) }
      }
    }
    return latest.frame % loopFrames
  }

  test('a seek shows the frame of that instant', async () => {
    // Ten seconds on is still before the gap.
    const { page, complaints } = await open(startMs + 2_500, yard)
    const first = await standing(page, yard)
    expect(Math.abs(first.ms - (startMs + 2_500))).toBeLessThanOrEqual(frameMs)
    // The camera stamps a picture when it sends it, we count when it was seen: a frame of difference, more on a busy machine.
    const expected = recordedCounter('yard', first.ms)
    expect(framesBetween(expected - 3, first.counter)).toBeLessThanOrEqual(6)

    for (const [key, byFrames] of [
      ['l', 250],
      ['j', -250],
      ['ArrowRight', 25],
      ['.', 1],
      ['.', 1],
      [',', -1],
    ] as const) {
      const before = await standing(page, yard)
      await page.keyboard.press(key)
      await expect.poll(() => atMs(page), patience).not.toBe(before.ms)
      const after = await standing(page, yard)
      // A camera on a starved machine sends late, and time passes without frames: over ten seconds that may be a few.
      const slack = Math.abs(byFrames) > 25 ? 10 : 0
      const moved = framesBetween(before.counter, after.counter)
      expect(Math.abs(moved - framesBetween(0, byFrames))).toBeLessThanOrEqual(slack)
      expect(Math.abs(after.ms - before.ms - byFrames * frameMs)).toBeLessThanOrEqual(frameMs)
    }
    await takePicture(page, 'timeline')
    expect(await findBarriers(page)).toEqual([])
    expect(complaints).toEqual([])
    await page.context().close()
  })

  test('plays every frame at its time, over the end of what is on disk', async () => {
    const { page } = await open(Date.now() - 12_000, door)
    const before = await standing(page, door)
    await page.keyboard.press('k')
    await expect.poll(() => atMs(page), patience).toBeGreaterThan(before.ms + 8_000)
    await page.keyboard.press('k')
    const after = await standing(page, door)
    expect(framesBetween(before.counter, after.counter)).toBe(Math.round((after.ms - before.ms) / frameMs) % loopFrames)
    await page.context().close()
  })

  test('a gap is drawn with its cause, told to screen readers, and jumped while playing', async () => {
    const { page } = await open(gap.startMs - 2_000, yard)
    await standing(page, yard)
    for (let i = 0; i < 6; i++) await page.keyboard.press('+')
    await expect.poll(() => page.locator('#timeline-lanes').textContent(), patience).toContain('camera unreachable')
    expect(await hasDangerColour(page)).toBe(true)
    await takePicture(page, 'timeline-gap')
    await page.keyboard.press('k')
    await expect.poll(() => page.locator('text=/without footage were skipped/').count(), patience).toBe(1)
    await expect.poll(() => atMs(page), patience).toBeGreaterThan(gap.endMs)
    await isReady(page, yard)
    await page.context().close()
  })

  test('an instant without footage says so and when it goes on', async () => {
    const { page } = await open(Math.round((gap.startMs + gap.endMs) / 2), yard)
    await page.locator(`${player(yard)}[data-state="gap"]`).waitFor()
    expect(await page.locator(player(yard)).textContent()).toMatch(/Nothing was recorded at this time.*It goes on at/)
    await page.context().close()
  })

  test('dragging over the ruler shows previews without decoding main video', async () => {
    const { page } = await open(startMs + 8_000, yard)
    await standing(page, yard)
    const previews = await vedette.call('GET', `/api/cameras/${yard.id}/previews?fromMs=${startMs}&toMs=${Date.now()}`)
    expect(JSON.stringify(previews)).toMatch(/\d{13}/)
    let media: string[] = []
    page.on('request', (request) => {
      if (request.url().includes('/media')) media.push(request.url())
    })
    // What stands is loaded ahead of, too: that has ended when half a second brings nothing more.
    const hasEnded = () => {
      const isQuiet = media.length === 0
      media = []
      return isQuiet
    }
    await expect.poll(hasEnded, { interval: 500, timeout: patience.timeout }).toBe(true)
    const box = await page.locator('canvas').boundingBox()
    const x = (box?.x ?? 0) + (box?.width ?? 0) / 2
    const y = (box?.y ?? 0) + 10
    await page.mouse.move(x, y)
    await page.mouse.down()
    await page.mouse.move(x + 3, y)
    await page
      .locator(`${player(yard)} [data-scrub] img`)
      .first()
      .waitFor()
    const width = `document.querySelector('${player(yard)} [data-scrub] img').naturalWidth`
    await expect.poll(() => page.evaluate<number>(width), patience).toBeGreaterThan(100)
    expect(media).toEqual([])
    await takePicture(page, 'timeline-scrub')
    await page.mouse.up()
    await expect.poll(() => page.locator('[data-scrub]').count(), patience).toBe(0)
    await page.context().close()
  })

  test('two cameras keep step', async () => {
    const { page } = await open(startMs + 2_000, yard, door)
    const yardStart = await standing(page, yard)
    const doorStart = await standing(page, door)
    const apart = framesBetween(yardStart.counter, doorStart.counter)
    await page.keyboard.press('k')
    const positions = `[...document.querySelectorAll('[data-player] video')].map((video) => video.currentTime)`
    await expect.poll(() => atMs(page), patience).toBeGreaterThan(yardStart.ms + 2_000)
    for (let look = 0; look < 5; look++) {
      const [a = 0, b = 9] = await page.evaluate<number[]>(positions)
      expect(Math.abs(a - b)).toBeLessThan(0.1)
      const seen = await atMs(page)
      await expect.poll(() => atMs(page), patience).toBeGreaterThan(seen)
    }
    await page.keyboard.press('k')
    const [yardEnd, doorEnd] = [await standing(page, yard), await standing(page, door)]
    const drift = framesBetween(apart, framesBetween(yardEnd.counter, doorEnd.counter))
    expect(Math.min(drift, loopFrames - drift)).toBeLessThanOrEqual(2)
    await page.context().close()
  })

  test('a span chosen with the keyboard is offered as a download that holds it', async () => {
    const { page } = await open(startMs + 3_000, yard)
    await standing(page, yard)
    await page.keyboard.press('i')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowRight')
    await standing(page, yard)
    await page.keyboard.press('o')
    const download = page.waitForEvent('download')
    await page.keyboard.press('x')
    expect((await download).suggestedFilename()).toMatch(/^Yard \d{4}-\d\d-\d\d \d\d\.\d\d\.\d\d\.mp4$/)
    const bytes = readFileSync(await (await download).path())
    expect(bytes.toString('latin1', 4, 8)).toBe('ftyp')
    await page.context().close()
  })

  /** Whether the hatching's colour is on the canvas. */
  function hasDangerColour(page: Page): Promise<boolean> {
    return page.evaluate<boolean>(`(() => {
      const canvas = document.querySelector('canvas')
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
      for (let i = 0; i < data.length; i += 4) {
        if (data[i] > 180 && data[i + 1] < 100 && data[i + 2] < 110) return true
      }
      return false
    })()`)
  }
})
