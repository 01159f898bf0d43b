/**
 * What decoding little costs in what is seen: every variant of two real clips is watched twice, once decoding every packet
 * and once as the product does (vision/wake-gate.ts), and the visits of both are laid side by side. Each clip has two and a
 * half minutes of its empty scene in front; the last rows are the empty scene alone and the clip alone.
 * Run: node bench/motion.ts [folder of the clips]
 */
import { join } from 'node:path'
import { setImmediate, setTimeout as wait } from 'node:timers/promises'
import { motionSettings } from '@vedette/shared/camera.ts'
import { StillMaker } from '../server/src/media/still.ts'
import { GrayScaler } from '../server/src/media/to-gray.ts'
import { JpegEncoder } from '../server/src/media/to-jpeg.ts'
import { grayHeight, grayWidth } from '../server/src/vision/grid.ts'
import type { PictureTools } from '../server/src/vision/motion-watch.ts'
import { WatchCamera } from '../server/src/vision/watch-camera.ts'
import { type ClipPacket, type ClipVariant, encodeVariant, framesPerS } from './watched-clips.ts'

interface Visit {
  readonly startMs: number
  endMs: number
  /** When it was said, on the same time axis. */
  readonly saidMs: number
}

interface Watched {
  readonly visits: Visit[]
  readonly decodedShare: number
  readonly cpuPercent: number
}

interface MotionResult {
  readonly what: string
  /** Of each visit, for the sum of all. */
  readonly startLater: readonly number[]
  readonly minutes: number
  readonly visits: number
  readonly missed: number
  readonly additional: number
  /** How much later than by full decoding, ms. */
  readonly startLaterP95: number
  readonly startLaterMax: number
  readonly saidLaterP95: number
  readonly decodedShare: number
  readonly cpuPercentFull: number
  readonly cpuPercent: number
}

const cameraId = '01J00000000000000000000000'
const watchedMs = 330_000
/** Shorter motion (somebody who stands there moves a hand) is no visit; it depends on a grain of noise whether it counts. */
const visitMs = 500
/** Shorter than users would set it, so that neighbouring visits stay apart. */
const settings = motionSettings.parse({ quietMs: 2000 })

async function watch(packets: readonly ClipPacket[], sleeps: boolean): Promise<Watched> {
  const tools: PictureTools = {
    gray: new GrayScaler({ width: grayWidth, height: grayHeight }),
    stills: new StillMaker(),
    jpeg: new JpegEncoder(),
  }
  const visits: Visit[] = []
  let nowMs = 0
  const sink = {
    onPreview: () => {},
    onObservation: ({ state, startMs, lastMs }: { state: string; startMs: number; lastMs: number }) => {
      const last = visits.at(-1)
      if (state === 'started') visits.push({ startMs, endMs: lastMs, saidMs: nowMs })
      else if (last) last.endMs = lastMs
    },
  }
  const camera = new WatchCamera(cameraId, settings, { tools, sink, sleeps })
  const first = packets[0]
  if (first) camera.packet('h264', { ...first, atMs: -100 })
  while (camera.counts.decoded === 0) await wait(5) // The decoder opens; packets run faster here than time does.
  const before = process.cpuUsage()
  for (let frame = 0; frame < (watchedMs / 1000) * framesPerS; frame++) {
    const packet = packets[frame % packets.length]
    if (!packet) break
    nowMs = (frame * 1000) / framesPerS
    camera.packet('h264', { ...packet, atMs: nowMs })
    await setImmediate() // As in the process: observations go out, and node-av frees what is done with.
  }
  const { user, system } = process.cpuUsage(before)
  await camera.close()
  for (const tool of [tools.gray, tools.stills, tools.jpeg]) tool.close()
  return {
    visits,
    decodedShare: camera.counts.decoded / camera.counts.received,
    cpuPercent: (user + system) / 1000 / (watchedMs / 100),
  }
}

function compare(what: string, full: Watched, lean: Watched): MotionResult {
  const visits = full.visits.filter((visit) => visit.endMs - visit.startMs >= visitMs)
  const meets = (a: Visit, b: Visit) => a.startMs <= b.endMs + 500 && b.startMs <= a.endMs + 500
  const pairs = visits.map((visit) => ({ visit, found: lean.visits.find((v) => meets(v, visit)) }))
  const found = pairs.flatMap((pair) => (pair.found ? [{ visit: pair.visit, found: pair.found }] : []))
  const later = found.map((pair) => Math.max(0, pair.found.startMs - pair.visit.startMs)).sort((a, b) => a - b)
  const said = found.map((pair) => Math.max(0, pair.found.saidMs - pair.visit.saidMs)).sort((a, b) => a - b)
  return {
    what,
    startLater: later,
    minutes: watchedMs / 60_000,
    visits: visits.length,
    missed: visits.length - found.length,
    additional: lean.visits.filter(
      (v) => v.endMs - v.startMs >= visitMs && !full.visits.some((visit) => meets(v, visit)),
    ).length,
    startLaterP95: p95(later),
    startLaterMax: later.at(-1) ?? 0,
    saidLaterP95: p95(said),
    decodedShare: lean.decodedShare,
    cpuPercentFull: full.cpuPercent,
    cpuPercent: lean.cpuPercent,
  }
}

/** Nearest rank. */
const p95 = (sorted: readonly number[]) => sorted[Math.ceil(sorted.length * 0.95) - 1] ?? 0

/** All variants, the empty scene alone, and visits without a pause. */
export async function benchMotion(footage: string): Promise<MotionResult[]> {
  const variants: (ClipVariant & { from?: number; to?: number; name?: string })[] = [
    ...(['person', 'car'] as const).flatMap((clip) =>
      (['capped', 'free'] as const).flatMap((rate) => [20, 100].map((gopFrames) => ({ clip, rate, gopFrames }))),
    ),
    { clip: 'person', rate: 'capped', gopFrames: 20, to: 1400, name: 'nobody' },
    { clip: 'person', rate: 'capped', gopFrames: 20, from: 1500, name: 'only person' },
  ]
  const results: MotionResult[] = []
  for (const variant of variants) {
    const packets = encodeVariant(variant, footage)?.slice(variant.from, variant.to)
    if (!packets) continue
    const what = `${variant.name ?? variant.clip} ${variant.rate} key/${variant.gopFrames / framesPerS}s`
    results.push(compare(what, await watch(packets, false), await watch(packets, true)))
  }
  return results
}

if (import.meta.main) {
  const results = await benchMotion(process.argv[2] ?? join(import.meta.dirname, '../../shared/footage'))
  const percent = (share: number) => `${(100 * share).toFixed(0)} %`
  console.table(
    results.map((r) => ({
      what: r.what,
      visits: r.visits,
      missed: r.missed,
      additional: r.additional,
      'start later p95/max ms': `${r.startLaterP95}/${r.startLaterMax}`,
      'said later p95 ms': r.saidLaterP95,
      decoded: percent(r.decodedShare),
      'CPU % full': r.cpuPercentFull.toFixed(2),
      'CPU %': r.cpuPercent.toFixed(2),
    })),
  )
  const later = results.flatMap((r) => r.startLater).sort((a, b) => a - b)
  const missed = results.reduce((sum, r) => sum + r.missed, 0)
  console.log(`all ${later.length + missed} visits: ${missed} missed, begin later by ${p95(later)} ms at p95`)
  console.log(JSON.stringify({ bench: 'motion', visits: later.length, missed, startLaterP95: p95(later), results }))
}
