/** The next event, or the one before, of some cameras. The server lists newest first, so looking ahead widens a window. */
import { type EventView, eventPage } from '@vedette/shared/event.ts'
import { get } from './http.ts'

interface Wanted {
  readonly cameras: readonly string[]
  /** An event kind, or '' for all. */
  readonly kind: string
  readonly fromMs: number
  readonly direction: 1 | -1
}

const hourMs = 3_600_000
const windowsMs = [hourMs, 6 * hourMs, 24 * hourMs, 7 * 24 * hourMs, 90 * 24 * hourMs]
/** Two events that begin within this are one to somebody who steps through them. */
const sameMs = 50

/** Undefined: there is none within three months. */
export async function findEvent(wanted: Wanted, signal: AbortSignal): Promise<EventView | undefined> {
  const { cameras, fromMs, direction } = wanted
  for (const windowMs of windowsMs) {
    const found = await Promise.all(cameras.map((camera) => listNear(camera, wanted, windowMs, signal)))
    const events = found.flat().filter((event) => (event.startMs - fromMs) * direction > sameMs)
    events.sort((a, b) => (a.startMs - b.startMs) * direction)
    if (events[0]) return events[0]
    if (direction === 1 && fromMs + windowMs > Date.now()) return undefined
  }
  return undefined
}

async function listNear(camera: string, { kind, fromMs, direction }: Wanted, windowMs: number, signal: AbortSignal) {
  const [sinceMs, untilMs] = direction === 1 ? [fromMs, fromMs + windowMs] : [fromMs - windowMs, fromMs]
  const query = {
    camera,
    kind: kind || undefined,
    sinceMs: Math.max(0, Math.floor(sinceMs)),
    untilMs: Math.ceil(untilMs),
    // Looking back, the newest few do; looking ahead, the oldest of all are wanted.
    limit: direction === 1 ? 1000 : 20,
  }
  return (await get({ path: '/api/events', query, out: eventPage, signal })).events
}
