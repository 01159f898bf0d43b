/**
 * What a camera's empty scene looks like: a mean per pixel, how much each cell flickers by itself, and the last frames.
 *
 * In:        160×90 gray frames with capture times, at any rate: all speeds are per second, not per frame.
 * Not here:  what counts as motion (motion.ts).
 * Invariant: `compare` changes nothing, so that a frame can be looked at before it is accepted.
 *
 * A pixel has changed when it is darker than the darkest or brighter than the brightest mean around it, by more than the
 * threshold: an edge that a shaking camera moves by a pixel stays inside. Measured: compare 0.03 ms a frame.
 */
import { cellCount, cellSize, columns, grayHeight, grayWidth } from './grid.ts'

const pixels = grayWidth * grayHeight
/** Time constants. Still: a lamp that was moved is forgotten; moving: a visitor who lingers is not learned at once. */
const stillTauMs = 6_000
const movingTauMs = 30_000
/**
 * A cell's flicker grows fast while nothing has changed in it, and slowly, by little, from what moves there: a bush that never
 * rests becomes quiet, people who come by do not. It shrinks slowly: between two gusts the bush is not forgotten.
 */
const noiseTauMs = 5_000
const slowNoiseTauMs = 300_000
const mostDeviation = 24
/** One frame after a long sleep is one frame all the same. */
const longestNoiseMs = 1_000
const maxNoise = 16
/** The means move this often, not with each frame: this is the larger half of the work. An odd number of tenths, so that what
 * flickers to the beat of the frames is not met in the same state each time. */
const learnEveryMs = 700
/** A cell counts as moving this long after it last did. */
const holdMs = 3_000
/** Liveness compares with a frame this old, so that a slow walker has moved by a pixel or two. */
const recentAgeMs = 180
/** At ten frames a second, three reach back far enough. */
const recentFrames = 3

export interface Background {
  /** Luma steps that a pixel without flicker may be off. */
  readonly threshold: number
  /** 1 for the cells that count. */
  readonly wanted: Uint8Array
  /** Means, in 1/256 of a luma step; and the same rounded. */
  readonly mean: Uint16Array
  readonly still: Uint8Array
  /** What a pixel may be: never left in cells that do not count. */
  readonly low: Int16Array
  readonly high: Int16Array
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
export function newBackground(
  gray: Uint8Array,
  atMs: number,
  { threshold, wanted }: { threshold: number; wanted: Uint8Array },
): Background {
  const background: Background = {
    threshold,
    wanted,
    mean: new Uint16Array(pixels),
    still: new Uint8Array(pixels),
    low: new Int16Array(pixels),
    high: new Int16Array(pixels),
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
  setLimits(background)
}

/** Fills `found`. */
export function compare(background: Background, gray: Uint8Array, atMs: number, found: Difference): void {
  const { low, high, noise, threshold } = background
  const before = recentFrame(background, atMs)
  const shift = brightnessShift(background.still, gray)
  found.shift = shift
  found.changed.fill(0)
  found.live.fill(0)
  for (let line = 0, i = 0; line < grayHeight; line++) {
    const row = Math.floor(line / cellSize) * columns
    for (let x = 0; x < grayWidth; x++, i++) {
      const level = (gray[i] ?? 0) - shift
      if (level <= (high[i] ?? 0) && level >= (low[i] ?? 0)) continue
      const cell = row + (x >> 2)
      found.changed[cell] = (found.changed[cell] ?? 0) + 1
      const step = Math.abs((gray[i] ?? 0) - (before[i] ?? 0))
      if (step > (threshold + 2 * (noise[cell] ?? 0)) / 2) found.live[cell] = (found.live[cell] ?? 0) + 1
    }
  }
}

/** Accepts a frame: `moving` cells (1) are learned slowly, all others fast. `found` is what `compare` said about it. */
export function learn(
  background: Background,
  gray: Uint8Array,
  atMs: number,
  { moving, found }: { moving: Uint8Array; found: Difference },
): void {
  const { movingUntilMs } = background
  for (let cell = 0; cell < cellCount; cell++) if (moving[cell] === 1) movingUntilMs[cell] = atMs + holdMs
  remember(background.recent, gray, atMs)
  const elapsedMs = atMs - background.learnedMs
  if (elapsedMs >= 0 && elapsedMs < learnEveryMs) return
  background.learnedMs = atMs
  if (elapsedMs <= 0) return
  const deviation = learnPixels(background, gray, { atMs, elapsedMs, shift: found.shift })
  learnNoise(background.noise, deviation, elapsedMs, found.changed)
  setLimits(background)
}

/** Moves the means; gives each cell's sum of deviations. */
function learnPixels(
  { mean, still, movingUntilMs }: Background,
  gray: Uint8Array,
  { atMs, elapsedMs, shift }: { atMs: number; elapsedMs: number; shift: number },
): Uint32Array {
  const [stillRate, movingRate] = [rate(elapsedMs, stillTauMs), rate(elapsedMs, movingTauMs)]
  for (let cell = 0; cell < cellCount; cell++) rates[cell] = (movingUntilMs[cell] ?? 0) > atMs ? movingRate : stillRate
  deviations.fill(0)
  for (let line = 0, i = 0; line < grayHeight; line++) {
    const row = Math.floor(line / cellSize) * columns
    for (let x = 0; x < grayWidth; x++, i++) {
      const cell = row + (x >> 2)
      const luma = gray[i] ?? 0
      deviations[cell] = (deviations[cell] ?? 0) + Math.abs(luma - (still[i] ?? 0) - shift)
      const known = mean[i] ?? 0
      const next = known + ((((luma << 8) - known) * (rates[cell] ?? 0)) >> 8)
      mean[i] = next
      still[i] = (next + 128) >> 8
    }
  }
  return deviations
}
const rates = new Uint16Array(cellCount)
const deviations = new Uint32Array(cellCount)

function learnNoise(noise: Float32Array, deviation: Uint32Array, elapsedMs: number, changed: Uint8Array): void {
  const fast = share(Math.min(elapsedMs, longestNoiseMs), noiseTauMs)
  const slow = share(elapsedMs, slowNoiseTauMs)
  for (let cell = 0; cell < cellCount; cell++) {
    const known = noise[cell] ?? 0
    const seen = Math.min(mostDeviation, (deviation[cell] ?? 0) / cellSize ** 2)
    const weight = seen > known && changed[cell] === 0 ? fast : slow
    noise[cell] = Math.min(maxNoise, known + (seen - known) * weight)
  }
}

const share = (elapsedMs: number, tauMs: number) => 1 - Math.exp(-elapsedMs / tauMs)
/** In 1/256, at least 1: whole numbers are what makes the loop fast. */
const rate = (elapsedMs: number, tauMs: number) => Math.max(1, Math.round(256 * share(elapsedMs, tauMs)))

/** Darkest and brightest of a pixel and its eight neighbours, rows first, with threshold and flicker added. */
function setLimits({ still, low, high, noise, threshold, wanted }: Background): void {
  for (let cell = 0; cell < cellCount; cell++)
    slacks[cell] = wanted[cell] === 1 ? Math.round(threshold + 2 * (noise[cell] ?? 0)) : neverReached
  let left = still[0] ?? 0
  let here = left
  for (let i = 0; i < pixels; i++) {
    const right = i + 1 < pixels ? (still[i + 1] ?? 0) : here
    rowDarkest[i] = Math.min(left, here, right)
    rowBrightest[i] = Math.max(left, here, right)
    left = here
    here = right
  }
  for (let line = 0, i = 0; line < grayHeight; line++) {
    const above = line > 0 ? -grayWidth : 0
    const below = line + 1 < grayHeight ? grayWidth : 0
    const row = Math.floor(line / cellSize) * columns
    for (let x = 0; x < grayWidth; x++, i++) {
      const slack = slacks[row + (x >> 2)] ?? 0
      low[i] = Math.min(rowDarkest[i + above] ?? 0, rowDarkest[i] ?? 0, rowDarkest[i + below] ?? 0) - slack
      high[i] = Math.max(rowBrightest[i + above] ?? 0, rowBrightest[i] ?? 0, rowBrightest[i + below] ?? 0) + slack
    }
  }
}
const rowDarkest = new Uint8Array(pixels)
const rowBrightest = new Uint8Array(pixels)
const slacks = new Int16Array(cellCount)
const neverReached = 1000

/** Newest frame that is old enough to show a slow thing's step; the oldest there is otherwise. */
function recentFrame({ recent, still }: Background, atMs: number): Uint8Array {
  const aged = recent.find((frame) => atMs - frame.atMs >= recentAgeMs) ?? recent[recent.length - 1]
  return aged?.gray ?? still
}

function remember(recent: Background['recent'], gray: Uint8Array, atMs: number): void {
  const frame = recent.length < recentFrames ? { atMs, gray: new Uint8Array(pixels) } : recent.pop()
  if (!frame) return
  frame.gray.set(gray)
  frame.atMs = atMs
  recent.unshift(frame)
}

const shiftCounts = new Int32Array(511)
const shiftStride = 5

/** Median difference over a sample of the picture: automatic exposure moves it, a visitor does not. Small ones are noise. */
function brightnessShift(still: Uint8Array, gray: Uint8Array): number {
  shiftCounts.fill(0)
  for (let i = 0; i < pixels; i += shiftStride) {
    const at = (gray[i] ?? 0) - (still[i] ?? 0) + 255
    shiftCounts[at] = (shiftCounts[at] ?? 0) + 1
  }
  let below = 0
  for (let at = 0; at < 511; at++) {
    below += shiftCounts[at] ?? 0
    if (2 * below * shiftStride >= pixels) return Math.abs(at - 255) > 2 ? at - 255 : 0
  }
  return 0
}
