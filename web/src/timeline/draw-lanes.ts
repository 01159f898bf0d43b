/**
 * Draws the lanes: recorded (solid), missing (hatched, with its cause where there is room), not wanted (dotted), events by
 * kind (square motion, triangle camera, diamond by hand; a ring around what is kept) or their density at a coarse zoom.
 */
import type { TimelineLane } from '@vedette/shared/timeline.ts'
import type { DrawTile } from './timeline-cache.ts'
import type { TimelineColors } from './timeline-colors.ts'
import { type LaneBox, spanBox, timeToX, type View } from './timeline-layout.ts'

export interface LanePaint {
  readonly draw: CanvasRenderingContext2D
  readonly view: View
  readonly colors: TimelineColors
  /** Names of the causes, in the user's language. */
  readonly causes: Record<TimelineLane['missing'][number]['cause'], string>
  readonly shownKinds: ReadonlySet<string>
}

/** Hatching is drawn in one stretch of path per gap; its lines are this far apart. */
const hatchPx = 6

/** `open`: what is being recorded at the moment. */
export function drawLane(
  paint: LanePaint,
  box: LaneBox,
  tiles: readonly DrawTile[],
  isPlayed: boolean,
  open: { readonly startMs: number; readonly endMs: number } | undefined,
): void {
  const { draw, colors, view } = paint
  draw.fillStyle = colors.line
  draw.fillRect(0, Math.round(box.top + box.height) - 1, view.widthPx, 1)
  draw.fillStyle = colors.lane
  draw.fillRect(0, box.barTop, view.widthPx, box.barHeight)
  for (const tile of tiles) {
    const lane = tile.answer.lanes.find((one) => one.cameraId === box.cameraId)
    if (!lane) continue
    draw.save()
    const from = Math.max(0, Math.round(timeToX(view, tile.fromMs)))
    const to = Math.min(view.widthPx, Math.round(timeToX(view, tile.toMs)))
    draw.beginPath()
    // Labels and marks at a tile's edge may reach over it: only what both tiles draw must not be drawn twice.
    draw.rect(from, box.top, to - from, box.height)
    draw.clip()
    drawSpans(paint, box, lane, isPlayed)
    drawDensity(paint, box, lane, tile.answer.bucketMs)
    draw.restore()
    drawEvents(paint, box, lane, tile)
  }
  const at = open && spanBox(view, open, 1)
  if (!at) return
  draw.fillStyle = isPlayed ? colors.accent : colors.edge
  draw.fillRect(at.x, box.barTop, at.width, box.barHeight)
}

function drawSpans(paint: LanePaint, box: LaneBox, lane: TimelineLane, isPlayed: boolean): void {
  const { draw, view, colors } = paint
  for (const span of lane.notWanted) {
    const at = spanBox(view, span, 1)
    if (!at) continue
    draw.fillStyle = colors.ground
    draw.fillRect(at.x, box.barTop, at.width, box.barHeight)
    draw.strokeStyle = colors.low
    draw.lineWidth = 1
    draw.setLineDash([1, 4])
    line(draw, at.x, box.barTop + box.barHeight / 2, at.x + at.width)
    draw.setLineDash([])
  }
  draw.fillStyle = isPlayed ? colors.accent : colors.edge
  for (const span of lane.recorded) {
    const at = spanBox(view, span, 1)
    if (at) draw.fillRect(at.x, box.barTop, at.width, box.barHeight)
  }
  for (const gap of lane.missing) {
    const at = spanBox(view, gap, 2)
    if (at) drawGap(paint, box, at, paint.causes[gap.cause])
  }
}

function drawGap(paint: LanePaint, box: LaneBox, at: { x: number; width: number }, cause: string): void {
  const { draw, colors } = paint
  const { barTop, barHeight } = box
  draw.save()
  draw.beginPath()
  draw.rect(at.x, barTop, at.width, barHeight)
  draw.clip()
  draw.fillStyle = colors.ground
  draw.fillRect(at.x, barTop, at.width, barHeight)
  draw.strokeStyle = colors.danger
  draw.lineWidth = 1.5
  draw.beginPath()
  // The hatching is fixed to the screen's grid, so that it does not crawl while panning stands still.
  for (let x = Math.floor((at.x - barHeight) / hatchPx) * hatchPx; x < at.x + at.width; x += hatchPx) {
    draw.moveTo(x, barTop + barHeight)
    draw.lineTo(x + barHeight, barTop)
  }
  draw.stroke()
  draw.font = `550 11px ${colors.font}`
  const width = draw.measureText(cause).width
  if (at.width > width + 16) {
    const x = at.x + (at.width - width) / 2
    draw.fillStyle = colors.ground
    draw.fillRect(x - 4, barTop, width + 8, barHeight)
    draw.fillStyle = colors.high
    draw.textBaseline = 'middle'
    draw.fillText(cause, x, barTop + barHeight / 2 + 0.5)
  }
  draw.restore()
}

function drawDensity(paint: LanePaint, box: LaneBox, lane: TimelineLane, bucketMs: number): void {
  if (lane.density.length === 0) return
  const { draw, view, colors } = paint
  draw.fillStyle = colors.event
  for (const [startMs, count] of lane.density) {
    const at = spanBox(view, { startMs, endMs: startMs + bucketMs }, 2)
    if (!at) continue
    // One event is visible, ten are high, a hundred fill the lane.
    const height = Math.max(2, Math.min(1, (1 + Math.log10(count)) / 3) * box.eventHeight)
    draw.fillRect(at.x, box.eventTop + box.eventHeight - height, at.width, height)
  }
}

function drawEvents(paint: LanePaint, box: LaneBox, lane: TimelineLane, tile: DrawTile): void {
  const { draw, view, colors, shownKinds } = paint
  draw.fillStyle = colors.event
  draw.strokeStyle = colors.event
  for (const event of lane.events) {
    // An event over two tiles is in both answers: the one that it begins in draws it, or the first in sight.
    const isHere = event.startMs >= tile.fromMs && event.startMs < tile.toMs
    const isFirst = event.startMs < tile.fromMs && tile.fromMs <= view.fromMs
    if (!shownKinds.has(event.kind) || !(isHere || isFirst)) continue
    const at = spanBox(view, { startMs: event.startMs, endMs: event.endMs ?? tile.answer.nowMs }, 3)
    if (!at) continue
    const middle = box.eventTop + box.eventHeight / 2
    draw.globalAlpha = 0.45
    draw.fillRect(at.x, middle - 2, at.width, 4)
    draw.globalAlpha = 1
    if (event.startMs >= view.fromMs) drawMark(draw, event.kind, at.x + 3, middle, box.eventHeight / 2)
    if (!event.kept) continue
    draw.lineWidth = 1.5
    draw.beginPath()
    draw.arc(at.x + 3, middle, box.eventHeight / 2 + 1, 0, 2 * Math.PI)
    draw.stroke()
  }
}

function drawMark(draw: CanvasRenderingContext2D, kind: string, x: number, y: number, r: number): void {
  draw.beginPath()
  if (kind === 'motion') draw.rect(x - 3, y - r + 1, 6, 2 * r - 2)
  else if (kind === 'camera') {
    draw.moveTo(x, y - r)
    draw.lineTo(x + r, y + r - 1)
    draw.lineTo(x - r, y + r - 1)
  } else {
    draw.moveTo(x, y - r)
    draw.lineTo(x + r, y)
    draw.lineTo(x, y + r)
    draw.lineTo(x - r, y)
  }
  draw.fill()
}

function line(draw: CanvasRenderingContext2D, x: number, y: number, toX: number): void {
  draw.beginPath()
  draw.moveTo(x, y)
  draw.lineTo(toX, y)
  draw.stroke()
}
