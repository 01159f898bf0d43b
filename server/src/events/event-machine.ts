/**
 * Turns what vision observes into events: one open event per camera and kind. Pure: state and observation in, state and writes out.
 * Not here: rows (event-store.ts), what counts as motion and for how long it must be quiet (vision/motion-gate.ts).
 */

/** What the machine needs of an observation (vision/observation.ts). */
export interface Observed {
  readonly cameraId: string
  readonly kind: 'motion'
  readonly state: 'started' | 'ongoing' | 'ended'
  /** Capture times of the first and the last moving frame. */
  readonly startMs: number
  readonly lastMs: number
  readonly score: number
  readonly zones: readonly string[]
  readonly jpeg: Uint8Array | null
}

export interface OpenEvent {
  readonly id: string
  readonly cameraId: string
  readonly startMs: number
  readonly lastMs: number
  /** When something was last heard of it, monotonic. */
  readonly heardMs: number
  readonly score: number
  readonly zones: readonly string[]
}

/** Open events by camera. */
export type EventState = ReadonlyMap<string, OpenEvent>

export type EventWrite =
  | { readonly write: 'open'; readonly event: OpenEvent }
  | { readonly write: 'update'; readonly event: OpenEvent }
  | { readonly write: 'close'; readonly event: OpenEvent; readonly endMs: number }
  | { readonly write: 'picture'; readonly event: OpenEvent; readonly jpeg: Uint8Array }

export interface EventStep {
  readonly state: EventState
  readonly writes: readonly EventWrite[]
}

/** Vision is back within seconds after a crash; a pause like the usual quiet time does not make two events of one visit. */
const mergeMs = 10_000

export function observe(state: EventState, seen: Observed, nowMonotonicMs: number, newId: () => string): EventStep {
  const before = state.get(seen.cameraId)
  // Another start while one is open: vision was restarted in between. Soon after, it sees what it saw before.
  const isAnother = before !== undefined && seen.state === 'started' && seen.startMs > before.lastMs + mergeMs
  const closing: EventWrite[] = isAnother ? [{ write: 'close', event: before, endMs: before.lastMs }] : []
  const known = isAnother ? undefined : before
  // The end of something that was never begun here (control was restarted meanwhile) opens nothing.
  if (!known && seen.state === 'ended') return { state, writes: [] }
  const event: OpenEvent = {
    id: known?.id ?? newId(),
    cameraId: seen.cameraId,
    startMs: known ? Math.min(known.startMs, seen.startMs) : seen.startMs,
    lastMs: Math.max(known?.lastMs ?? 0, seen.lastMs),
    heardMs: nowMonotonicMs,
    score: Math.max(known?.score ?? 0, seen.score),
    zones: [...new Set([...(known?.zones ?? []), ...seen.zones])],
  }
  const next = new Map(state)
  const writes: EventWrite[] = [...closing]
  if (!known) writes.push({ write: 'open', event })
  if (seen.jpeg) writes.push({ write: 'picture', event, jpeg: seen.jpeg })
  if (seen.state === 'ended') {
    next.delete(seen.cameraId)
    writes.push({ write: 'close', event, endMs: event.lastMs })
  } else {
    next.set(seen.cameraId, event)
    if (known && (event.score > known.score || event.zones.length > known.zones.length))
      writes.push({ write: 'update', event })
  }
  return { state: next, writes }
}

/** Closes events of which nothing was heard for `silenceMs`: their vision is gone. */
export function closeSilent(state: EventState, nowMonotonicMs: number, silenceMs: number): EventStep {
  const silent = [...state.values()].filter((event) => nowMonotonicMs - event.heardMs > silenceMs)
  const next = new Map(state)
  for (const { cameraId } of silent) next.delete(cameraId)
  return { state: next, writes: silent.map((event) => ({ write: 'close', event, endMs: event.lastMs })) }
}
