/** What the fake house recorded: nine days with gaps, pauses and events; no bytes of video. */
import type { PlaybackParts } from '@vedette/shared/playback.ts'
import type { TimelineAnswer, TimelineLane } from '@vedette/shared/timeline.ts'
import { day, fakeId } from './fake-house.ts'

const hour = 3_600_000
const eventEvery = 40 * 60_000
const causes = ['unreachable', 'stalled', 'disk'] as const
/** More events than this in a view are told as density. */
const maxEvents = 300

export function fakeTimeline(query: URLSearchParams, cameraIds: readonly string[]): TimelineAnswer {
  const [fromMs, toMs] = [Number(query.get('fromMs')), Number(query.get('toMs'))]
  const bucketMs = (toMs - fromMs) / Number(query.get('buckets') ?? 1000)
  const asked = query.getAll('camera')
  const ids = cameraIds.filter((id) => asked.length === 0 || asked.includes(id))
  const nowMs = Date.now()
  const lanes = ids.map((id, n) => lane(id, n, { fromMs, toMs, bucketMs, nowMs }))
  return { fromMs, toMs, nowMs, bucketMs, lanes }
}

interface Asked {
  readonly fromMs: number
  readonly toMs: number
  readonly bucketMs: number
  readonly nowMs: number
}

function lane(cameraId: string, n: number, { fromMs, toMs, bucketMs, nowMs }: Asked): TimelineLane {
  const gap = {
    startMs: nowMs - (n + 2) * hour,
    endMs: nowMs - (n + 1) * hour,
    cause: causes[n % 3] ?? ('unknown' as const),
  }
  const pause = { startMs: nowMs - 30 * hour, endMs: nowMs - 26 * hour }
  const beginMs = nowMs - 9 * day
  const isSeen = (span: { startMs: number; endMs: number }) => span.endMs > fromMs && span.startMs < toMs
  const recorded = [
    { startMs: beginMs, endMs: pause.startMs },
    { startMs: pause.endMs, endMs: gap.startMs },
    { startMs: gap.endMs, endMs: nowMs },
  ]
  const events: TimelineLane['events'] = []
  for (let k = 1, startMs = nowMs - n * 60_000 - eventEvery; startMs > beginMs; k++, startMs -= eventEvery) {
    const kind = (['motion', 'motion', 'camera', 'manual'] as const)[k % 4] ?? 'motion'
    events.push({ id: fakeId(10_000 * (n + 1) + k), kind, startMs, endMs: startMs + 25_000, kept: k % 5 === 0 })
  }
  const seen = events.filter((event) => isSeen({ ...event, endMs: event.endMs ?? nowMs }))
  const isDense = seen.length > maxEvents
  const density = new Map<number, number>()
  for (const event of isDense ? seen : []) {
    const bucket = Math.round(fromMs + Math.floor((event.startMs - fromMs) / bucketMs) * bucketMs)
    if (bucket >= fromMs) density.set(bucket, (density.get(bucket) ?? 0) + 1)
  }
  return {
    cameraId,
    recorded: recorded.filter(isSeen),
    missing: [gap].filter(isSeen),
    notWanted: [pause].filter(isSeen),
    events: isDense ? [] : seen,
    density: [...density].sort(([a], [b]) => a - b),
  }
}

/** There are no bytes to play. */
export const noParts: PlaybackParts = { parts: [], gaps: [], nextMs: null }

export function fakeDays(nowMs = Date.now()) {
  const today = Math.floor(nowMs / day) * day
  return {
    days: Array.from({ length: 9 }, (_, n) => ({
      dayMs: today - n * day,
      recordedMs: day - n * hour,
      missingMs: n * hour,
      notWantedMs: 0,
      events: n % 3 === 0 ? 0 : 12 * n,
    })),
  }
}
