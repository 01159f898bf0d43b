/**
 * What a camera's empty scene looks like: a mean per pixel, how much each cell flickers by itself, and the last frames.
 *
 * In:        320×180 gray frames with capture times, at any rate: all speeds are per second, not per frame.
 * Not here:  what counts as motion (motion.ts).
 * Invariant: `compare` changes nothing, so that a frame can be looked at before it is accepted.
 */
import { cellCount, cellSize, columns, grayHeight, grayWidth, rows } from './grid.ts'

const pixels = grayWidth * grayHeight
/** Time constants. Still: a lamp that was moved is forgotten; moving: a visitor who lingers is not learned at once. */
const stillTauMs = 6_000
const movingTauMs = 30_000
/** Flicker is learned from quiet cells; slowly from moving ones too, so that a tree that never rests becomes quiet. */
const noiseTauMs = 5_000
const movingNoiseTauMs = 120_000
const maxNoise = 16
/** The means move this often: a quarter of the frames carries as much information at a quarter of the cost. */
const learnEveryMs = 400
/** A cell counts as moving this long after it last did. */
const holdMs = 3_000
/** Liveness compares with a frame this old, so that a slow walker has moved by a pixel or two. */
const recentAgeMs = 180

export interface Background {
  /** Means, in 1/256 of a luma step. */
  readonly mean: Uint16Array
  /** The same rounded, as it is compared. */
  readonly still: Uint8Array
  /** Mean deviation per cell in luma steps. */
  readonly noise: Float32Array
  /** Until when each cell counts as moving. */
  readonly movingUntilMs: Float64Array
  /** The last frames, newest first. */
  readonly recent: { atMs: number; gray: Uint8Array }[]
  learnedMs: number
}

/** What `compare` found per cell. */
export interface Difference {
  /** Pixels unlike the background. */
  readonly changed: Uint8Array
  /** … that are also unlike the frame before: a thing that moves, not a mark that something left. */
  readonly live: Uint8Array
  /** Change of the whole picture's brightness that was taken out first. */
  shift: number
}

export const newDifference = (): Difference => ({
  changed: new Uint8Array(cellCount),
  live: new Uint8Array(cellCount),
  shift: 0,
})

/** Knows the scene from one frame; a thing that stood there leaves a mark when it goes, which is not live. */
export function newBackground(gray: Uint8Array, atMs: number): Background {
  const background: Background = {
    mean: new Uint16Array(pixels),
    still: new Uint8Array(pixels),
    noise: new Float32Array(cellCount).fill(2),
    movingUntilMs: new Float64Array(cellCount),
    recent: [],
    learnedMs: atMs,
  }
  rebase(background, gray, atMs)
  return background
}

/** Takes `gray` as the empty scene. */
export function rebase(background: Background, gray: Uint8Array, atMs: number): void {
  for (let i = 0; i < pixels; i++) background.mean[i] = (gray[i] ?? 0) << 8
  background.still.set(gray)
  background.movingUntilMs.fill(0)
  background.recent.length = 0
  background.recent.push({ atMs, gray: Uint8Array.from(gray) })
  background.learnedMs = atMs
}

/** Fills `found` for the cells that `wanted` names. `threshold` is in luma steps, for a cell without flicker. */
export function compare(
  background: Background,
  gray: Uint8Array,
  atMs: number,
  { wanted, threshold, found }: { wanted: Uint8Array; threshold: number; found: Difference },
): void {
  const { still, noise } = background
  const before = recentFrame(background, atMs)
  const shift = brightnessShift(still, gray)
  found.shift = shift
  for (let row = 0; row < rows; row++) {
    const lastLine = Math.min((row + 1) * cellSize, grayHeight)
    for (let column = 0; column < columns; column++) {
      const cell = row * columns + column
      let changed = 0
      let live = 0
      if (wanted[cell] === 1) {
        const limit = Math.round(threshold + 2 * (noise[cell] ?? 0))
        const liveLimit = limit >> 1
        for (let line = row * cellSize; line < lastLine; line++) {
          const first = line * grayWidth + column * cellSize
          for (let i = first; i < first + cellSize; i++) {
            const luma = gray[i] ?? 0
            const away = luma - (still[i] ?? 0) - shift
            if (away <= limit && away >= -limit) continue
            changed++
            const step = luma - (before[i] ?? 0)
            if (step > liveLimit || step < -liveLimit) live++
          }
        }
      }
      found.changed[cell] = changed
      found.live[cell] = live
    }
  }
}

/** Accepts a frame: `moving` cells (1) are learned slowly, all others fast. */
export function learn(background: Background, gray: Uint8Array, atMs: number, moving: Uint8Array): void {
  const { movingUntilMs, recent } = background
  for (let cell = 0; cell < cellCount; cell++) if (moving[cell] === 1) movingUntilMs[cell] = atMs + holdMs
  remember(recent, gray, atMs)
  const elapsedMs = atMs - background.learnedMs
  if (elapsedMs >= 0 && elapsedMs < learnEveryMs) return
  background.learnedMs = atMs
  if (elapsedMs > 0) learnPixels(background, gray, atMs, elapsedMs)
}

function learnPixels(background: Background, gray: Uint8Array, atMs: number, elapsedMs: number): void {
  const { mean, still, noise, movingUntilMs } = background
  const [stillRate, movingRate] = [rate(elapsedMs, stillTauMs), rate(elapsedMs, movingTauMs)]
  const [noiseShare, movingNoiseShare] = [share(elapsedMs, noiseTauMs), share(elapsedMs, movingNoiseTauMs)]
  for (let cell = 0; cell < cellCount; cell++) {
    const isMoving = (movingUntilMs[cell] ?? 0) > atMs
    const step = isMoving ? movingRate : stillRate
    const firstLine = Math.floor(cell / columns) * cellSize
    const lastLine = Math.min(firstLine + cellSize, grayHeight)
    const left = (cell % columns) * cellSize
    let away = 0
    for (let line = firstLine; line < lastLine; line++) {
      const first = line * grayWidth + left
      for (let i = first; i < first + cellSize; i++) {
        const known = mean[i] ?? 0
        const difference = ((gray[i] ?? 0) << 8) - known
        const next = known + ((difference * step) >> 8)
        mean[i] = next
        still[i] = (next + 128) >> 8
        away += difference < 0 ? -difference : difference
      }
    }
    const deviation = away / 256 / ((lastLine - firstLine) * cellSize)
    const known = noise[cell] ?? 0
    noise[cell] = Math.min(maxNoise, known + (deviation - known) * (isMoving ? movingNoiseShare : noiseShare))
  }
}

const share = (elapsedMs: number, tauMs: number) => 1 - Math.exp(-elapsedMs / tauMs)
/** In 1/256, at least 1: whole numbers are what makes the loop fast. */
const rate = (elapsedMs: number, tauMs: number) => Math.max(1, Math.round(256 * share(elapsedMs, tauMs)))

/** Newest frame that is old enough to show a slow thing's step; the oldest there is otherwise. */
function recentFrame({ recent, still }: Background, atMs: number): Uint8Array {
  const aged = recent.find((frame) => atMs - frame.atMs >= recentAgeMs) ?? recent[recent.length - 1]
  return aged?.gray ?? still
}

/** At ten frames a second, three reach back far enough. */
const recentFrames = 3

function remember(recent: Background['recent'], gray: Uint8Array, atMs: number): void {
  const frame = recent.length < recentFrames ? { atMs, gray: new Uint8Array(pixels) } : recent.pop()
  if (!frame) return
  frame.gray.set(gray)
  frame.atMs = atMs
  recent.unshift(frame)
}

const shiftCounts = new Int32Array(511)
const shiftStride = 13

/** Median difference over a sample of the picture: automatic exposure moves it, a visitor does not. Small ones are noise. */
function brightnessShift(still: Uint8Array, gray: Uint8Array): number {
  shiftCounts.fill(0)
  let sampled = 0
  for (let i = 0; i < pixels; i += shiftStride) {
    const at = (gray[i] ?? 0) - (still[i] ?? 0) + 255
    shiftCounts[at] = (shiftCounts[at] ?? 0) + 1
    sampled++
  }
  let below = 0
  for (let at = 0; at < 511; at++) {
    below += shiftCounts[at] ?? 0
    if (2 * below >= sampled) return Math.abs(at - 255) > 2 ? at - 255 : 0
  }
  return 0
}
