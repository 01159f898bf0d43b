/** Neighbouring cells as one thing, and what is too small or too still is left out. */
import type { Difference } from './background.ts'
import { cellCount, columns, rows } from './grid.ts'
import { isRestless } from './restless.ts'

/** In shares of the picture: left, top, width, height. */
export type Box = readonly [number, number, number, number]

export interface MovingThings {
  /** 1 where something moves. */
  readonly cells: Uint8Array
  readonly count: number
  /** Largest first, at most 16. */
  readonly boxes: readonly Box[]
  /** 1 in things of few cells, whether they count or not. */
  readonly small: Uint8Array
}

export interface BoxRule {
  /** How much of the time each cell is restless by itself (restless.ts). */
  readonly restless: Float32Array
  /** Changed pixels that make a cell count, of 16. */
  readonly changedPixels: number
  /** Least cells of a thing that are not restless. */
  readonly minCells: number
}

/** A cell is live with this many live pixels; a thing with this share of live cells. */
const livePixels = 2
const liveShare = 0.15
const maxBoxes = 16
/** A clock in the picture, a blinking lamp, a branch: not larger than this. */
const smallCells = 12

/** Cells touch by side or corner. */
export function findMovingThings(found: Difference, { changedPixels, minCells, restless }: BoxRule): MovingThings {
  const { changed } = found
  const seen = new Uint8Array(cellCount)
  const cells = new Uint8Array(cellCount)
  const small = new Uint8Array(cellCount)
  const things: { box: Box; size: number }[] = []
  let count = 0
  for (let first = 0; first < cellCount; first++) {
    if (seen[first] === 1 || (changed[first] ?? 0) < changedPixels) continue
    const members = connected(first, changed, changedPixels, seen)
    if (!isLive(members, found.live)) continue
    if (members.length <= smallCells) for (const cell of members) small[cell] = 1
    if (members.filter((cell) => !isRestless(restless, cell)).length < minCells) continue
    count += members.length
    for (const cell of members) cells[cell] = 1
    things.push({ box: boxAround(members), size: members.length })
  }
  things.sort((a, b) => b.size - a.size)
  return { cells, count, small, boxes: things.slice(0, maxBoxes).map((thing) => thing.box) }
}

function connected(first: number, changed: Uint8Array, least: number, seen: Uint8Array): number[] {
  const members = [first]
  seen[first] = 1
  for (let at = 0; at < members.length; at++) {
    const cell = members[at] ?? 0
    const column = cell % columns
    const row = (cell - column) / columns
    for (let y = Math.max(0, row - 1); y <= Math.min(rows - 1, row + 1); y++)
      for (let x = Math.max(0, column - 1); x <= Math.min(columns - 1, column + 1); x++) {
        const next = y * columns + x
        if (seen[next] === 1 || (changed[next] ?? 0) < least) continue
        seen[next] = 1
        members.push(next)
      }
  }
  return members
}

function isLive(members: readonly number[], live: Uint8Array): boolean {
  let alive = 0
  for (const cell of members) if ((live[cell] ?? 0) >= livePixels) alive++
  return alive > 0 && alive >= liveShare * members.length
}

function boxAround(members: readonly number[]): Box {
  let [left, right, top, bottom] = [columns, 0, rows, 0]
  for (const cell of members) {
    const column = cell % columns
    const row = (cell - column) / columns
    left = Math.min(left, column)
    right = Math.max(right, column)
    top = Math.min(top, row)
    bottom = Math.max(bottom, row)
  }
  // The lowest row of cells hangs half over the picture's edge.
  const height = Math.min(1, (bottom + 1) / 22.5) - top / 22.5
  return [left / columns, top / 22.5, (right + 1 - left) / columns, height]
}
