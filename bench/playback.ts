/** Playback: from a seek on the timeline page to the first frame on screen in Chromium, and from the requests to its bytes over HTTP. */
import { setTimeout as wait } from 'node:timers/promises'
import type { CameraView } from '@vedette/shared/camera.ts'
import { playbackParts } from '@vedette/shared/playback.ts'
import { openBrowser, openPage } from '../test/support/browser.ts'
import { RunningVedette } from '../test/support/running-vedette.ts'
import { whyNoPage } from './live.ts'
import { pressAndWait } from './page-probes.ts'
import { percentiles } from './percentiles.ts'
import type { BenchOptions, Section } from './section.ts'
import { openSimulatedCameras } from './simulated-cameras.ts'

interface Seek {
  readonly sincePressMs: number
  /** null: the footage was in the browser already. */
  readonly sinceRequestMs: number | null
}

/** Shift and an arrow go a minute forward or back: out of what the player holds. */
const jumpS = 60
const httpRequests = 100
/** Up to the first picture after a key frame of 4 Mbit/s. */
const firstBytes = 256 * 1024

export async function playbackSection({ seconds, samples }: BenchOptions): Promise<Section> {
  const missing = whyNoPage()
  const footageS = Math.max(jumpS + 20, 3 * seconds)
  const { seeks, http, whole } = await measurePlayback(footageS, samples, missing === undefined)
  const row = (what: string, values: readonly number[]) => {
    const { count, p50, p95, max } = percentiles(values)
    return { what, count, 'ms, p50': p50, p95, max }
  }
  const asked = seeks.flatMap(({ sinceRequestMs }) => (sinceRequestMs === null ? [] : [sinceRequestMs]))
  const fetched = seeks.filter(({ sinceRequestMs }) => sinceRequestMs !== null)
  const held = seeks.filter(({ sinceRequestMs }) => sinceRequestMs === null)
  return {
    name: 'playback',
    title: 'Playback',
    command: `npm run bench -- --only playback --seconds ${seconds}`,
    rows: [
      ...(asked.length > 0 ? [row('Chromium: first request of a seek until its frame is on screen', asked)] : []),
      ...(fetched.length > 0
        ? [
            row(
              'Chromium: key press until the frame is on screen',
              fetched.map((seek) => seek.sincePressMs),
            ),
          ]
        : []),
      ...(held.length > 0
        ? [
            row(
              'Chromium: the same where the footage was in the browser',
              held.map((seek) => seek.sincePressMs),
            ),
          ]
        : []),
      row('HTTP: list of parts, then the bytes of the first key frame', http),
      row('HTTP: first bytes of /playback of a minute', whole),
    ],
    targets: [
      {
        what: 'playback, first request until the frame is on screen, p95',
        unit: 'ms',
        limit: 250,
        measured: asked.length > 0 ? percentiles(asked).p95 : null,
      },
    ],
    notes: [
      `${footageS} s of 1080p25 at 4 Mbit/s, still recording; random jumps of a minute on the timeline page, paused; Chromium decodes without a graphics card.`,
      ...(missing ? [`Not measured in a browser: ${missing}.`] : []),
    ],
  }
}

async function measurePlayback(footageS: number, samples: number, hasBrowser: boolean) {
  const cameras = await openSimulatedCameras(1, ['--hd', '--alike'])
  const vedette = await RunningVedette.open()
  try {
    await vedette.setUp()
    const camera = await vedette.addCamera({ name: 'Yard', address: cameras.cameras[0]?.main ?? '' })
    while (!(await vedette.cameras())[0]?.status.recording) await wait(100)
    const startMs = Date.now()
    await wait(footageS * 1000)
    const seeks = hasBrowser ? await measureSeeks(vedette, camera, { startMs, footageS, samples }) : []
    const { http, whole } = await measureHttp(vedette, camera, startMs, footageS)
    return { seeks, http, whole }
  } finally {
    await vedette.close()
    await cameras.close()
  }
}

async function measureSeeks(
  vedette: RunningVedette,
  camera: CameraView,
  { startMs, footageS, samples }: { startMs: number; footageS: number; samples: number },
): Promise<Seek[]> {
  const browser = await openBrowser()
  try {
    const { page } = await openPage(browser, vedette.url, {
      cookie: vedette.cookie,
      viewport: { width: 1440, height: 900 },
    })
    const ids = encodeURIComponent(JSON.stringify([camera.id]))
    let atS = 4
    await page.goto(`/timeline?camera=${ids}&at=${startMs + atS * 1000}`)
    const ready = page.locator(`[data-player="${camera.id}"][data-state="ready"]`)
    await ready.waitFor()
    const seeks: Seek[] = []
    while (seeks.length < samples) {
      await wait(1000 + Math.random() * 500)
      const mayGoOn = atS + jumpS < footageS - 5
      const goesOn = mayGoOn && (atS < jumpS || Math.random() < 0.5)
      atS += goesOn ? jumpS : -jumpS
      seeks.push(await page.evaluate<Seek>(pressAndWait(goesOn ? 'ArrowRight' : 'ArrowLeft', true)))
      await ready.waitFor()
    }
    return seeks
  } finally {
    await browser.close()
  }
}

async function measureHttp(vedette: RunningVedette, camera: CameraView, startMs: number, footageS: number) {
  const http: number[] = []
  const whole: number[] = []
  for (let i = 0; i < httpRequests; i++) {
    const atMs = Math.round(startMs + (2 + Math.random() * (footageS - 10)) * 1000)
    http.push(await timed(() => readFirstFrame(vedette, camera, atMs)))
    whole.push(
      await timed(async () => {
        const answer = await vedette.fetch(`/api/cameras/${camera.id}/playback?startMs=${atMs}&endMs=${atMs + 60_000}`)
        const reader = answer.body?.getReader()
        await reader?.read()
        await reader?.cancel()
      }),
    )
  }
  return { http, whole }
}

/** As the page does it: parts around the instant, then the init segment and the bytes from the last key frame before it. */
async function readFirstFrame(vedette: RunningVedette, camera: CameraView, atMs: number): Promise<void> {
  const path = `/api/cameras/${camera.id}/parts?startMs=${atMs - 5000}&endMs=${atMs + 60_000}`
  const { parts } = playbackParts.parse(await vedette.call('GET', path))
  const part = parts.findLast(({ keys }) => (keys[0]?.[0] ?? Number.POSITIVE_INFINITY) <= atMs)
  const key = part?.keys.findLast(([ms]) => ms <= atMs)
  if (!part || !key) throw new Error(`no footage at ${new Date(atMs).toISOString()}`)
  const end = Math.min(part.sizeBytes, key[1] + firstBytes)
  await Promise.all(
    [
      [0, part.initBytes],
      [key[1], end],
    ].map(async ([from = 0, to = 0]) => {
      const answer = await vedette.fetch(`/api/segments/${part.segmentId}/media`, {
        headers: { range: `bytes=${from}-${to - 1}` },
      })
      const bytes = await answer.arrayBuffer()
      if (bytes.byteLength !== to - from) throw new Error(`${bytes.byteLength} bytes instead of ${to - from}`)
    }),
  )
}

async function timed(work: () => Promise<void>): Promise<number> {
  const startedMs = performance.now()
  await work()
  return performance.now() - startedMs
}
