/**
 * From verdicts about single frames to motion with a beginning and an end, for one camera.
 *
 * In:        verdicts in the order of their capture times (motion.ts); frames may be missing in between.
 * Out:       what to say (observation.ts) and whether this frame's picture is the best so far.
 * Invariant: pure; 'started', any number of 'ongoing', 'ended', never two of the first without the last between them.
 */
import type { MotionSettings } from '@vedette/shared/camera.ts'
import type { Verdict } from './motion.ts'
import type { Box } from './moving-boxes.ts'
import { observationEveryMs } from './observation.ts'

export type GateState =
  | { readonly mode: 'quiet' }
  /** Moving frames, too few to count yet. */
  | { readonly mode: 'maybe'; readonly startMs: number; readonly lastMs: number; readonly frames: number }
  | {
      readonly mode: 'moving'
      readonly startMs: number
      readonly lastMs: number
      readonly saidMs: number
      readonly score: number
      readonly zones: readonly string[]
      readonly pictureScore: number
    }

export interface Said {
  readonly state: 'started' | 'ongoing' | 'ended'
  readonly startMs: number
  readonly lastMs: number
  readonly atMs: number
  readonly boxes: readonly Box[]
  readonly score: number
  readonly zones: readonly string[]
}

export interface GateStep {
  readonly next: GateState
  readonly said: Said | undefined
  /** The frame shows clearly more than the last one that was best. */
  readonly isBest: boolean
}

export const quietGate: GateState = { mode: 'quiet' }

/** What is over sooner is a step, not a movement: a lamp, a digit of the clock in the picture. */
const leastMs = 250
/** A moving frame after a longer pause than this starts counting anew: specks do not add up to a visitor. */
const pauseMs = 600
/** Boxes are said this often while something moves; live viewers draw them. */
const boxesEveryMs = 400
const betterBy = 1.25

export function stepGate(
  gate: GateState,
  verdict: Verdict,
  settings: Pick<MotionSettings, 'minFrames' | 'quietMs'>,
): GateStep {
  if (gate.mode === 'moving') return verdict.moving ? goOn(gate, verdict) : waitForEnd(gate, verdict, settings.quietMs)
  if (!verdict.moving) {
    const over = gate.mode === 'quiet' || verdict.atMs - gate.lastMs > pauseMs
    return { next: over ? quietGate : gate, said: undefined, isBest: false }
  }
  const { atMs } = verdict
  const before = gate.mode === 'maybe' && atMs - gate.lastMs <= pauseMs ? gate : { startMs: atMs, frames: 0 }
  const frames = before.frames + 1
  const startMs = before.startMs
  if (frames < settings.minFrames || (settings.minFrames > 1 && atMs - startMs < leastMs))
    return { next: { mode: 'maybe', startMs, lastMs: atMs, frames }, said: undefined, isBest: false }
  const { score, zones, boxes } = verdict
  const next = { mode: 'moving', startMs, lastMs: atMs, saidMs: atMs, score, zones, pictureScore: score } as const
  return { next, said: { state: 'started', startMs, lastMs: atMs, atMs, boxes, score, zones }, isBest: true }
}

type Moving = Extract<GateState, { mode: 'moving' }>

function goOn(gate: Moving, verdict: Verdict): GateStep {
  const { atMs, boxes } = verdict
  const isBest = verdict.score > gate.pictureScore * betterBy
  const isDue = atMs - gate.saidMs >= boxesEveryMs
  const next: Moving = {
    ...gate,
    lastMs: atMs,
    saidMs: isDue ? atMs : gate.saidMs,
    score: Math.max(gate.score, verdict.score),
    zones: [...new Set([...gate.zones, ...verdict.zones])],
    pictureScore: isBest ? verdict.score : gate.pictureScore,
  }
  return { next, said: isDue ? say('ongoing', next, atMs, boxes) : undefined, isBest }
}

function waitForEnd(gate: Moving, { atMs }: Verdict, quietMs: number): GateStep {
  if (atMs - gate.lastMs >= quietMs) return { next: quietGate, said: say('ended', gate, atMs, []), isBest: false }
  // The first quiet frame takes the boxes away; after that only a sign of life.
  const isDue = gate.saidMs <= gate.lastMs || atMs - gate.saidMs >= observationEveryMs / 2
  if (!isDue) return { next: gate, said: undefined, isBest: false }
  const next = { ...gate, saidMs: atMs }
  return { next, said: say('ongoing', next, atMs, []), isBest: false }
}

/** Ends what is open, e.g. because the camera is no longer watched. */
export function endGate(gate: GateState): Said | undefined {
  return gate.mode === 'moving' ? say('ended', gate, gate.lastMs, []) : undefined
}

function say(state: Said['state'], gate: Moving, atMs: number, boxes: readonly Box[]): Said {
  const { startMs, lastMs, score, zones } = gate
  return { state, startMs, lastMs, atMs, boxes, score, zones }
}
