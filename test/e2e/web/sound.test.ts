/** Sound of every kind that cameras send: recorded from the first segment on, heard in Chromium, and FFmpeg finds the tone. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { playbackParts } from '@vedette/shared/playback.ts'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { SimulatedCamera } from '../../cameras/simulated-camera.ts'
import { browserMissing, openBrowser, openPage } from '../../support/browser.ts'
import { RunningVedette } from '../../support/running-vedette.ts'

if (browserMissing) console.warn(`Skipped: ${browserMissing}.`)

const patience = { timeout: 40_000, interval: 200 }
const kinds = [
  { audio: 'aac', inFile: 'mp4a.40.2' },
  { audio: 'pcm_alaw', inFile: 'flac' },
  { audio: 'opus', inFile: 'opus' },
] as const

describe.skipIf(browserMissing)('sound', () => {
  const cameras: SimulatedCamera[] = []
  const ids = new Map<string, string>()
  let vedette: RunningVedette
  let browser: Browser
  let startMs = 0

  beforeAll(async () => {
    ;[vedette, browser] = await Promise.all([RunningVedette.open(), openBrowser()])
    await vedette.setUp()
    for (const { audio } of kinds) {
      const camera = await SimulatedCamera.open({
        name: audio,
        audio,
        main: { width: 640, height: 360, kbitPerS: 800 },
      })
      cameras.push(camera)
      const added = await vedette.addCamera({ name: audio, address: camera.address('main'), recordAudio: true })
      ids.set(audio, added.id)
    }
    startMs = Date.now()
    await vi.waitFor(async () => {
      for (const { audio } of kinds) {
        const { parts } = await partsOf(audio)
        expect(parts.at(-1)?.endMs).toBeGreaterThan(startMs + 12_000)
      }
    }, patience)
  })
  afterAll(async () => {
    await browser?.close()
    await vedette?.close()
    for (const camera of cameras) await camera.close()
  })

  const span = () => `startMs=${startMs - 20_000}&endMs=${Date.now()}`
  const partsOf = async (name: string) =>
    playbackParts.parse(await vedette.call('GET', `/api/cameras/${ids.get(name)}/parts?${span()}`))

  test.each(kinds)('$audio is in the first segment already, as $inFile', async ({ audio, inFile }) => {
    const { parts } = await partsOf(audio)
    expect(parts[0]?.mime).toContain(inFile)
    expect(new Set(parts.map((part) => part.mime)).size).toBe(1)
  })

  test.each(kinds)('$audio: the downloaded file has the tone', async ({ audio }) => {
    const answer = await vedette.fetch(`/api/cameras/${ids.get(audio)}/playback?${span()}`)
    const file = join(mkdtempSync(join(tmpdir(), 'vedette-sound-')), 'span.mp4')
    writeFileSync(file, Buffer.from(await answer.arrayBuffer()))
    // A tone of 440 Hz at a quarter of full scale; what is beside it is noise of the codec.
    const listen = (filter: string) => {
      const { stderr } = spawnSync(
        'ffmpeg',
        ['-hide_banner', '-i', file, '-vn', '-af', `${filter},volumedetect`, '-f', 'null', '-'],
        {
          encoding: 'utf8',
        },
      )
      const [, level = '-99'] = /mean_volume: (-?[\d.]+) dB/.exec(stderr) ?? []
      return Number(level)
    }
    expect(listen('bandpass=f=440:width_type=h:w=80')).toBeGreaterThan(-22)
    expect(listen('highpass=f=1500:p=2,highpass=f=1500:p=2')).toBeLessThan(-40)
  })

  test.each(kinds)('$audio is decoded by the browser while it plays', async ({ audio }) => {
    const { page, complaints } = await openPage(browser, vedette.url, { cookie: vedette.cookie })
    const camera = ids.get(audio) ?? ''
    await page.goto(`/timeline?camera=${encodeURIComponent(JSON.stringify([camera]))}&at=${startMs + 4000}`)
    const player = page.locator(`[data-player="${camera}"]`)
    await expect.poll(() => player.getAttribute('data-state'), patience).toBe('ready')
    await page.locator('[data-play]').click()
    const decodedBytes = () =>
      player.locator('video').evaluate((video) => Number(Reflect.get(video, 'webkitAudioDecodedByteCount')))
    await expect.poll(decodedBytes, patience).toBeGreaterThan(500)
    expect(complaints).toEqual([])
    await page.context().close()
  })
})
