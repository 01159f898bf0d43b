/**
 * Live pictures in Chromium on the same machine: from the moment a camera sends a frame until it is on screen, and from
 * opening the socket to the first picture.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { CameraView } from '@vedette/shared/camera.ts'
import type { Page } from 'playwright-core'
import { browserMissing, openBrowser, openPage } from '../test/support/browser.ts'
import { RunningVedette } from '../test/support/running-vedette.ts'
import { LiveWire, type WireFrame } from './live-wire.ts'
import { listenToLiveWorkers, watchCounter } from './page-probes.ts'
import { type Percentiles, percentiles } from './percentiles.ts'
import type { BenchOptions, Section } from './section.ts'
import { openSimulatedCameras } from './simulated-cameras.ts'

interface LiveResult {
  readonly stream: 'main' | 'sub'
  /** Sent by the camera until seen on screen. */
  readonly glass: Percentiles
  /** What the page itself measures and shows: capture until drawn. */
  readonly page: { readonly p50: number; readonly p95: number }
  readonly sentToCapture: Percentiles
  readonly captureToSocket: Percentiles
}

interface FirstPictures {
  readonly sinceSocket: Percentiles
  readonly sinceWorker: Percentiles
  readonly onWire: Percentiles
}

const loopS = 20
const framesPerS = { main: 25, sub: 10 }

/** Why live and playback cannot be measured here. */
export function whyNoPage(): string | undefined {
  if (browserMissing) return browserMissing
  const built = join(import.meta.dirname, '../web/dist/index.html')
  return existsSync(built) ? undefined : 'the web app is not built (npm run build)'
}

export async function liveSection({ seconds, samples }: BenchOptions): Promise<Section> {
  const missing = whyNoPage()
  const measured = missing ? undefined : await measureLive(seconds, samples)
  const of = (stream: 'main' | 'sub') => measured?.results.find((result) => result.stream === stream)
  const row = (what: string, { count, p50, p95, max }: Percentiles) => ({ what, count, 'ms, p50': p50, p95, max })
  return {
    name: 'live',
    title: 'Live',
    command: `npm run bench -- --only live --seconds ${seconds}`,
    rows: measured
      ? [
          ...measured.results.flatMap((result) => [
            row(`${result.stream}: sent by the camera until on screen`, result.glass),
            row(`${result.stream}: sent until capture time (capture clock)`, result.sentToCapture),
            row(`${result.stream}: capture time until received from the socket`, result.captureToSocket),
            {
              what: `${result.stream}: as the page shows it (capture until drawn)`,
              count: '',
              'ms, p50': result.page.p50,
              p95: result.page.p95,
              max: '',
            },
          ]),
          row('first picture, since opening the socket', measured.first.sinceSocket),
          row('first picture, since starting its worker', measured.first.sinceWorker),
          row('first key frame on the wire, since opening the socket', measured.first.onWire),
        ]
      : [],
    targets: [
      { what: 'live 640×360@10, glass to glass, p95', unit: 'ms', limit: 200, measured: of('sub')?.glass.p95 ?? null },
      { what: 'live 1080p25, glass to glass, p95', unit: 'ms', limit: 200, measured: of('main')?.glass.p95 ?? null },
      { what: 'first picture, p95', unit: 'ms', limit: 500, measured: measured?.first.sinceSocket.p95 ?? null },
    ],
    notes: [
      'Chromium without a graphics card, decoding on the same cores as everything else. On screen: the frame counter drawn into the picture, read back from the page at every animation frame, against the time that the camera wrote into the frame.',
      ...(missing ? [`Not measured: ${missing}.`] : []),
    ],
  }
}

async function measureLive(seconds: number, samples: number) {
  const cameras = await openSimulatedCameras(1, ['--hd', '--alike'])
  const [vedette, browser] = await Promise.all([RunningVedette.open(), openBrowser()])
  try {
    await vedette.setUp()
    const [simulated] = cameras.cameras
    const camera = await vedette.addCamera({
      name: 'Yard',
      address: simulated?.main ?? '',
      subAddress: simulated?.sub ?? '',
    })
    while ((await vedette.cameras())[0]?.status.state !== 'online') await wait(100)
    const { page } = await openPage(browser, vedette.url, {
      cookie: vedette.cookie,
      viewport: { width: 1440, height: 900 },
    })
    await page.addInitScript(listenToLiveWorkers)
    await page.goto('/live')
    await wait(5000) // The recorder's code is compiled, the capture clock has settled.
    const results = [await measureStream('sub', page, vedette, camera, seconds)]
    await page.keyboard.press('1')
    results.push(await measureStream('main', page, vedette, camera, seconds))
    return { results, first: await measureFirst(page, vedette, camera, samples) }
  } finally {
    await browser.close()
    await vedette.close()
    await cameras.close()
  }
}

const tileOf = (camera: CameraView) => `[data-camera="${camera.id}"]`

async function measureStream(
  stream: 'main' | 'sub',
  page: Page,
  vedette: RunningVedette,
  camera: CameraView,
  seconds: number,
): Promise<LiveResult> {
  await page.locator(`${tileOf(camera)}[data-stream="${stream}"][data-picture="live"]`).waitFor()
  const wire = new LiveWire(vedette, camera.id, stream)
  await wait(2000)
  await page.evaluate('window.__live.measures.length = 0')
  await page.evaluate(watchCounter(tileOf(camera)))
  await wait(Math.max(seconds, 3) * 1000)
  const seen = await page.evaluate<[number, number][]>('(window.__watching = undefined, window.__seen)')
  // Each report covers ten seconds.
  const measures = await page.evaluate<{ p50Ms: number; p95Ms: number }[]>('window.__live.measures')
  wire.close()
  const fromSocket = wire.frames.slice(framesPerS[stream] * 2) // The first ones were kept for a quick start.
  return {
    stream,
    glass: percentiles(matchSeen(seen.slice(1), wire.frames, framesPerS[stream] * loopS)),
    page: {
      p50: percentiles(measures.map((one) => one.p50Ms)).p50,
      p95: percentiles(measures.map((one) => one.p95Ms)).p50,
    },
    sentToCapture: percentiles(fromSocket.map((frame) => frame.captureMs - frame.sentMs)),
    captureToSocket: percentiles(fromSocket.map((frame) => frame.receivedMs - frame.captureMs)),
  }
}

/** How long after its sending each frame was seen; frames are known by their place in the loop. */
function matchSeen(seen: readonly [number, number][], frames: readonly WireFrame[], loopFrames: number): number[] {
  return seen.flatMap(([counter, seenMs]) => {
    const sent = frames.findLast(({ frame, sentMs }) => frame % loopFrames === counter && sentMs <= seenMs)
    return sent ? [seenMs - sent.sentMs] : []
  })
}

/** Changes between both streams: each change opens a socket of its own. */
async function measureFirst(
  page: Page,
  vedette: RunningVedette,
  camera: CameraView,
  samples: number,
): Promise<FirstPictures> {
  await page.evaluate('window.__live.pictures.length = 0')
  const onWire: number[] = []
  for (let i = 0; i < samples; i++) {
    const stream = i % 2 === 0 ? 'sub' : 'main'
    await page.keyboard.press(stream === 'sub' ? 'Escape' : '1')
    await page.locator(`${tileOf(camera)}[data-stream="${stream}"][data-picture="live"]`).waitFor()
    await wait(500 + Math.random() * 1000)
    const wire = new LiveWire(vedette, camera.id, stream)
    while (wire.firstPictureMs === undefined) await wait(5)
    onWire.push(wire.firstPictureMs)
    wire.close()
  }
  const pictures = await page.evaluate<{ sinceSocketMs: number; sinceWorkerMs: number }[]>('window.__live.pictures')
  return {
    sinceSocket: percentiles(pictures.map((one) => one.sinceSocketMs)),
    sinceWorker: percentiles(pictures.map((one) => one.sinceWorkerMs)),
    onWire: percentiles(onWire),
  }
}
