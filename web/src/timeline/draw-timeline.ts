/** Draws the whole timeline: ruler, lanes, the present, the chosen span, the pointer's and the playhead's line. */

import { drawLane, type LanePaint } from './draw-lanes.ts'
import { openSpan } from './lane-facts.ts'
import { tickLabel } from './tick-label.ts'
import { chooseTicks } from './time-ticks.ts'
import type { DrawTile } from './timeline-cache.ts'
import type { TimelineColors } from './timeline-colors.ts'
import { type LaneBox, msPerPx, timeToX, type View } from './timeline-layout.ts'

export interface TimelinePicture {
  readonly view: View
  readonly heightPx: number
  readonly rulerPx: number
  /** Lanes are scrolled up by so much; the ruler stays. */
  readonly scrollPx: number
  readonly lanes: readonly LaneBox[]
  readonly tiles: readonly DrawTile[]
  readonly played: ReadonlySet<string>
  /** Cameras that record at the moment. */
  readonly recording: ReadonlySet<string>
  readonly nowMs: number
  readonly playheadMs: number | undefined
  readonly pointerMs: number | undefined
  readonly span: { readonly startMs: number; readonly endMs: number } | undefined
  readonly zone: string
  readonly colors: TimelineColors
  readonly causes: LanePaint['causes']
  readonly shownKinds: ReadonlySet<string>
}

const tickGapPx = 76

export function drawTimeline(draw: CanvasRenderingContext2D, picture: TimelinePicture): void {
  const { view, colors, heightPx, rulerPx, scrollPx } = picture
  draw.fillStyle = colors.ground
  draw.fillRect(0, 0, view.widthPx, heightPx)
  draw.save()
  draw.beginPath()
  draw.rect(0, rulerPx, view.widthPx, heightPx - rulerPx)
  draw.clip()
  draw.translate(0, -scrollPx)
  for (const box of picture.lanes) {
    const isInSight = box.top + box.height > scrollPx && box.top < scrollPx + heightPx
    if (!isInSight) continue
    const { tiles, nowMs } = picture
    const open = picture.recording.has(box.cameraId) ? openSpan(tiles, box.cameraId, nowMs) : undefined
    drawLane({ draw, ...picture }, box, tiles, picture.played.has(box.cameraId), open)
  }
  draw.restore()
  drawFuture(draw, picture)
  drawRuler(draw, picture)
  if (picture.span) drawSpan(draw, picture, picture.span)
  if (picture.pointerMs !== undefined) drawLine(draw, picture, picture.pointerMs, colors.mid, 1)
  if (picture.playheadMs !== undefined) drawPlayhead(draw, picture, picture.playheadMs)
}

function drawRuler(draw: CanvasRenderingContext2D, picture: TimelinePicture): void {
  const { view, colors, rulerPx, zone } = picture
  draw.fillStyle = colors.raised
  draw.fillRect(0, 0, view.widthPx, rulerPx)
  draw.fillStyle = colors.line
  draw.fillRect(0, rulerPx - 1, view.widthPx, 1)
  draw.textBaseline = 'middle'
  for (const tick of chooseTicks(view.fromMs, view.toMs, tickGapPx * msPerPx(view), zone)) {
    const x = Math.round(timeToX(view, tick.ms))
    const isDate = tick.kind === 'day' || tick.kind === 'month' || tick.kind === 'year'
    draw.fillStyle = isDate ? colors.mid : colors.edge
    draw.fillRect(x, isDate ? 0 : rulerPx - 7, 1, isDate ? rulerPx : 6)
    draw.fillStyle = isDate ? colors.high : colors.mid
    draw.font = `${isDate ? 650 : 400} 12px ${colors.font}`
    draw.fillText(tickLabel(tick, zone), x + 4, rulerPx / 2)
  }
}

/** Nothing can be there yet. */
function drawFuture(draw: CanvasRenderingContext2D, { view, nowMs, heightPx, rulerPx, colors }: TimelinePicture): void {
  const x = timeToX(view, nowMs)
  if (x >= view.widthPx) return
  const from = Math.max(0, x)
  draw.globalAlpha = 0.7
  draw.fillStyle = colors.ground
  draw.fillRect(from, rulerPx, view.widthPx - from, heightPx - rulerPx)
  draw.globalAlpha = 1
  if (x < 0) return
  draw.strokeStyle = colors.low
  draw.setLineDash([3, 3])
  draw.lineWidth = 1
  draw.beginPath()
  draw.moveTo(Math.round(x) + 0.5, rulerPx)
  draw.lineTo(Math.round(x) + 0.5, heightPx)
  draw.stroke()
  draw.setLineDash([])
}

function drawSpan(
  draw: CanvasRenderingContext2D,
  picture: TimelinePicture,
  span: { startMs: number; endMs: number },
): void {
  const { view, colors, heightPx } = picture
  const from = timeToX(view, span.startMs)
  const to = timeToX(view, span.endMs)
  draw.globalAlpha = 0.18
  draw.fillStyle = colors.accent
  draw.fillRect(from, 0, to - from, heightPx)
  draw.globalAlpha = 1
  drawLine(draw, picture, span.startMs, colors.accent, 2)
  drawLine(draw, picture, span.endMs, colors.accent, 2)
}

function drawLine(
  draw: CanvasRenderingContext2D,
  { view, heightPx }: TimelinePicture,
  ms: number,
  color: string,
  width: number,
): void {
  draw.fillStyle = color
  draw.fillRect(Math.round(timeToX(view, ms) - width / 2), 0, width, heightPx)
}

function drawPlayhead(draw: CanvasRenderingContext2D, picture: TimelinePicture, ms: number): void {
  const { view, colors, rulerPx, heightPx } = picture
  const x = timeToX(view, ms)
  if (x < -8 || x > view.widthPx + 8) return
  // A dark edge keeps the line visible on every bar.
  drawLine(draw, picture, ms, colors.ground, 4)
  drawLine(draw, { ...picture, heightPx }, ms, colors.high, 2)
  draw.fillStyle = colors.high
  draw.beginPath()
  draw.moveTo(x - 6, rulerPx - 12)
  draw.lineTo(x + 6, rulerPx - 12)
  draw.lineTo(x + 6, rulerPx - 6)
  draw.lineTo(x, rulerPx)
  draw.lineTo(x - 6, rulerPx - 6)
  draw.fill()
}
