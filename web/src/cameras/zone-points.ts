/** Moving, adding and taking away the points of a zone. In shares of the picture (0..1). Pure. */
import type { Zone } from '@vedette/shared/camera.ts'

export type Point = Zone['points'][number]

/** This near to the picture's edge a point lies on it: nobody aims at exactly 0. */
const snap = 0.015
/** A share of 0.1 % is finer than any screen; longer numbers only fill the database. */
const round = (share: number) => Math.round(share * 1000) / 1000

export const leastPoints = 3
export const mostPoints = 64

/** A point inside the picture, drawn to its edge when near. */
export function toPoint(x: number, y: number): Point {
  return { x: settle(x), y: settle(y) }
}

function settle(share: number): number {
  if (share < snap) return 0
  if (share > 1 - snap) return 1
  return round(share)
}

/** Moves by a step of the keyboard; no snapping, or a point could not leave the edge. */
export function nudge(point: Point, dx: number, dy: number): Point {
  const clamp = (share: number) => round(Math.min(1, Math.max(0, share)))
  return { x: clamp(point.x + dx), y: clamp(point.y + dy) }
}

export const replacePoint = (points: readonly Point[], index: number, point: Point): Point[] =>
  points.with(index, point)

/** Adds a point after `index`; by default halfway to the next one. */
export function insertPoint(points: readonly Point[], index: number, point?: Point): Point[] {
  if (points.length >= mostPoints) return [...points]
  return points.toSpliced(index + 1, 0, point ?? middle(points, index))
}

/** Takes a point away as long as an area remains. */
export function removePoint(points: readonly Point[], index: number): Point[] {
  return points.length <= leastPoints ? [...points] : points.toSpliced(index, 1)
}

/** Halfway between a point and the next one. */
export function middle(points: readonly Point[], index: number): Point {
  const a = points[index] ?? { x: 0, y: 0 }
  const b = points[(index + 1) % points.length] ?? a
  return { x: round((a.x + b.x) / 2), y: round((a.y + b.y) / 2) }
}

/** A rectangle in the middle of the picture to begin with. */
export const firstShape = (): Point[] => [
  { x: 0.25, y: 0.25 },
  { x: 0.75, y: 0.25 },
  { x: 0.75, y: 0.75 },
  { x: 0.25, y: 0.75 },
]

/** "Zone 1", "Zone 2" …: the first name that is free. */
export function freeName(zones: readonly Zone[], nameOf: (number: number) => string): string {
  let number = 1
  while (zones.some((zone) => zone.name === nameOf(number))) number += 1
  return nameOf(number)
}
