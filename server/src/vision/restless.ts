/**
 * Cells in which something small moves again and again without going anywhere: the clock that a camera draws into its
 * picture, a blinking lamp, a twig. They neither keep a camera awake nor make motion by themselves; a visitor who passes
 * them covers others too.
 */
import { cellCount } from './grid.ts'

const tauMs = 120_000
const restlessShare = 0.1

/** Share of the last minutes in which each cell was part of a small moving thing. */
export const newRestless = (): Float32Array => new Float32Array(cellCount)

export const isRestless = (restless: Float32Array, cell: number): boolean => (restless[cell] ?? 0) > restlessShare

/** `small` is 1 where a small thing moved in the frame that ended these milliseconds. */
export function learnRestless(restless: Float32Array, small: Uint8Array, elapsedMs: number): void {
  const weight = 1 - Math.exp(-Math.max(0, elapsedMs) / tauMs)
  for (let cell = 0; cell < cellCount; cell++) {
    const known = restless[cell] ?? 0
    restless[cell] = known + ((small[cell] ?? 0) - known) * weight
  }
}
