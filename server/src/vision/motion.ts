/**
 * Says whether something moves in a frame, where, and how much of the picture.
 *
 * In:        gray frames of one camera with capture times; the camera's motion settings.
 * Out:       a verdict per frame. `judge` only looks; `accept` lets the model learn from the frame.
 * Not here:  when motion becomes an event (motion-gate.ts), which packets are decoded (wake-gate.ts).
 * Design:    docs/design/motion.md
 */
import type { MotionSettings } from '@vedette/shared/camera.ts'
import { type Background, compare, type Difference, learn, newBackground, newDifference, rebase } from './background.ts'
import { type CellMask, cellCount, maskOf } from './grid.ts'
import { type Box, findMovingThings } from './moving-boxes.ts'
import { learnRestless, newRestless } from './restless.ts'

export interface Verdict {
  readonly atMs: number
  readonly moving: boolean
  /** Something may be about to move: more easily true than `moving`, decides what is worth decoding. */
  readonly stirs: boolean
  /** Share of the picture that moves, 0..1. */
  readonly score: number
  readonly boxes: readonly Box[]
  /** Names of the include zones in which something moves. */
  readonly zones: readonly string[]
  /** The whole picture changed at once: lights, infrared, a turned camera. Nothing is said to move meanwhile. */
  readonly global: boolean
  /** 1 where something moves, per cell. */
  readonly cells: Uint8Array
  /** 1 where something small moves, whether it counts or not. */
  readonly small: Uint8Array
}

/** One camera's memory. Belongs to whoever made it; only `accept` changes it. */
export interface MotionModel {
  readonly mask: CellMask
  readonly threshold: number
  readonly minCells: number
  readonly found: Difference
  readonly restless: Float32Array
  background: Background | undefined
  /** Share of wanted cells that changed in the last accepted frame. */
  lastShare: number
  lastMs: number
  /** Set while the whole picture is changing: since when, and when it last flickered. */
  turmoil: { readonly sinceMs: number; restlessMs: number } | undefined
}

/** Pixels of 16 that make a cell count as changed, for motion and for a stir. */
const changedPixels = 5
const stirringPixels = 3
/** Changed cells of all wanted ones that make it the whole picture, if there were few a moment before. */
const globalShare = 0.5
const calmShare = 0.25
const suddenMs = 2_500
/** The picture is taken as the new scene when it has held still this long, or has not for that long. */
const settledMs = 400
const longestTurmoilMs = 3_000
const restlessShare = 0.1

export function newMotionModel(settings: MotionSettings): MotionModel {
  const mask = maskOf(settings.zones)
  return {
    mask,
    threshold: thresholdOf(settings.sensitivity),
    minCells: Math.max(1, Math.round(settings.minArea * cellCount)),
    found: newDifference(),
    restless: newRestless(),
    background: undefined,
    lastShare: 0,
    lastMs: 0,
    turmoil: undefined,
  }
}

/** Luma steps for sensitivity 1..100: 47 .. 14 (at 50) .. 4, on top of twice the cell's own flicker. */
export function thresholdOf(sensitivity: number): number {
  return 48 * 2 ** (-sensitivity / 28)
}

/** Looks at a frame without learning from it. */
export function judge(model: MotionModel, gray: Uint8Array, atMs: number): Verdict {
  const quiet = quietAt(atMs)
  const { background, found, mask, minCells, restless } = model
  if (!background || mask.wantedCount === 0) return quiet
  compare(background, gray, atMs, found)
  if (model.turmoil || isSudden(model, changedShare(model), atMs)) return { ...quiet, stirs: true, global: true }
  if (countCells(found.live, 1) === 0) return quiet
  const stirring = findMovingThings(found, {
    changedPixels: stirringPixels,
    minCells: Math.ceil(minCells / 2),
    restless,
  })
  const { small } = stirring
  if (stirring.count === 0) return { ...quiet, small }
  const things = findMovingThings(found, { changedPixels, minCells, restless })
  if (things.count === 0) return { ...quiet, stirs: true, small }
  const zones = mask.zones.filter((zone) => things.cells.some((moving, cell) => moving === 1 && zone.cells[cell] === 1))
  return {
    atMs,
    moving: true,
    stirs: true,
    score: things.count / cellCount,
    boxes: things.boxes,
    zones: zones.map((zone) => zone.name),
    global: false,
    cells: things.cells,
    small,
  }
}

const noCells = new Uint8Array(cellCount)

function quietAt(atMs: number): Verdict {
  const nothing = { boxes: [], zones: [], cells: noCells, small: noCells }
  return { atMs, moving: false, stirs: false, score: 0, global: false, ...nothing }
}

/** Learns from the frame that was judged last. Frames are accepted in the order of their times. */
export function accept(model: MotionModel, gray: Uint8Array, verdict: Verdict): void {
  const { atMs } = verdict
  const share = changedShare(model)
  if (!model.background) {
    model.background = newBackground(gray, atMs, { threshold: model.threshold, wanted: model.mask.wanted })
  } else if (verdict.global) {
    endureTurmoil(model, model.background, gray, atMs)
  } else {
    learn(model.background, gray, atMs, { moving: verdict.cells, found: model.found })
    learnRestless(model.restless, verdict.small, atMs - model.lastMs)
  }
  model.lastShare = share
  model.lastMs = atMs
}

function endureTurmoil(model: MotionModel, background: Background, gray: Uint8Array, atMs: number): void {
  const turmoil = model.turmoil ?? { sinceMs: atMs, restlessMs: atMs }
  model.turmoil = turmoil
  if (liveCellShare(model) > restlessShare) turmoil.restlessMs = atMs
  learn(background, gray, atMs, { moving: noCells, found: model.found })
  if (atMs - turmoil.restlessMs < settledMs && atMs - turmoil.sinceMs < longestTurmoilMs) return
  rebase(background, gray, atMs)
  model.found.changed.fill(0)
  model.turmoil = undefined
}

function isSudden(model: MotionModel, share: number, atMs: number): boolean {
  return share > globalShare && model.lastShare < calmShare && atMs - model.lastMs < suddenMs
}

const changedShare = ({ found, mask }: MotionModel): number =>
  countCells(found.changed, changedPixels) / Math.max(1, mask.wantedCount)
const liveCellShare = ({ found, mask }: MotionModel): number =>
  countCells(found.live, changedPixels) / Math.max(1, mask.wantedCount)

function countCells(cells: Uint8Array, least: number): number {
  let count = 0
  for (let cell = 0; cell < cellCount; cell++) if ((cells[cell] ?? 0) >= least) count++
  return count
}
