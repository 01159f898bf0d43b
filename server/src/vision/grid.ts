/**
 * The cells in which motion is judged: 40×23 squares of 4×4 pixels on the gray image (the lowest row is half a cell high),
 * and which of them a camera's zones want.
 */
import type { Zone } from '@vedette/shared/camera.ts'

/** The gray image. At 320×180 the same visits were found on both clips, at four times the cost. */
export const grayWidth = 160
export const grayHeight = 90
export const cellSize = 4
export const columns = Math.ceil(grayWidth / cellSize)
export const rows = Math.ceil(grayHeight / cellSize)
export const cellCount = columns * rows

/** Points looked at per cell and side when a polygon is laid over it. */
const samples = 4

export interface CellMask {
  /** 1 where motion counts. */
  readonly wanted: Uint8Array
  readonly wantedCount: number
  /** Include zones and the cells of each. */
  readonly zones: readonly { readonly name: string; readonly cells: Uint8Array }[]
}

/** Without an include zone the whole picture is wanted; exclude zones always win. */
export function maskOf(zones: readonly Zone[]): CellMask {
  const excluded = zones.filter((z) => z.kind === 'exclude').map((z) => cellsOf(z, 0.5))
  const included = zones.filter((z) => z.kind === 'include').map((z) => ({ name: z.name, cells: cellsOf(z, 0.25) }))
  const wanted = new Uint8Array(cellCount)
  for (let cell = 0; cell < cellCount; cell++) {
    const inside = included.length === 0 || included.some((z) => z.cells[cell] === 1)
    if (inside && !excluded.some((cells) => cells[cell] === 1)) wanted[cell] = 1
  }
  return { wanted, wantedCount: wanted.reduce((sum, w) => sum + w, 0), zones: included }
}

/** Cells of which the zone covers at least `share`; a zone smaller than that has the cell of its first corner. */
function cellsOf(zone: Zone, share: number): Uint8Array {
  const cells = new Uint8Array(cellCount)
  let any = false
  for (let cell = 0; cell < cellCount; cell++) {
    let inside = 0
    for (let s = 0; s < samples * samples; s++) {
      const x = ((cell % columns) + ((s % samples) + 0.5) / samples) * cellSize
      const y = (Math.floor(cell / columns) + (Math.floor(s / samples) + 0.5) / samples) * cellSize
      if (contains(zone.points, x / grayWidth, y / grayHeight)) inside++
    }
    if (inside < share * samples * samples) continue
    cells[cell] = 1
    any = true
  }
  const corner = zone.points[0]
  if (!any && corner) cells[cellAt(corner.x, corner.y)] = 1
  return cells
}

function cellAt(x: number, y: number): number {
  const column = Math.min(columns - 1, Math.floor((x * grayWidth) / cellSize))
  const row = Math.min(rows - 1, Math.floor((y * grayHeight) / cellSize))
  return row * columns + column
}

/** Even-odd rule: a polygon that crosses itself has holes, and none is refused. */
function contains(points: Zone['points'], x: number, y: number): boolean {
  let inside = false
  let from = points[points.length - 1]
  for (const to of points) {
    if (from && from.y > y !== to.y > y && x < ((to.x - from.x) * (y - from.y)) / (to.y - from.y) + from.x)
      inside = !inside
    from = to
  }
  return inside
}
