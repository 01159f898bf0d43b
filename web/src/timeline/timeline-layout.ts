/**
 * The geometry of the timeline: time ↔ x, zoom and pan with their limits, the lanes' places, and what lies under a point.
 * Pure; drawing is draw-timeline.ts, data timeline-cache.ts.
 */

/** What is shown: `fromMs` at x = 0, `toMs` at x = widthPx. */
export interface View {
  readonly fromMs: number
  readonly toMs: number
  readonly widthPx: number
}

export const minSpanMs = 4_000
export const maxSpanMs = 400 * 86_400_000
/** How far one may look past the present, as a share of the view. */
const futureShare = 0.5

export const timeToX = (view: View, ms: number): number =>
  ((ms - view.fromMs) / (view.toMs - view.fromMs)) * view.widthPx

export const xToTime = (view: View, xPx: number): number =>
  view.fromMs + (xPx / view.widthPx) * (view.toMs - view.fromMs)

/** Milliseconds under one pixel. */
export const msPerPx = (view: View): number => (view.toMs - view.fromMs) / view.widthPx

/** Makes everything `factor` times as long on screen; the instant under `xPx` stays there. */
export function zoomAt(view: View, xPx: number, factor: number, nowMs: number): View {
  const spanMs = Math.min(maxSpanMs, Math.max(minSpanMs, (view.toMs - view.fromMs) / factor))
  const share = xPx / view.widthPx
  const fromMs = xToTime(view, xPx) - share * spanMs
  return hold({ ...view, fromMs, toMs: fromMs + spanMs }, nowMs)
}

export function panBy(view: View, dxPx: number, nowMs: number): View {
  const dMs = -dxPx * msPerPx(view)
  return hold({ ...view, fromMs: view.fromMs + dMs, toMs: view.toMs + dMs }, nowMs)
}

/** The same zoom around another instant; `share` says where on the width it comes to lie. */
export function centreOn(view: View, ms: number, nowMs: number, share = 0.5): View {
  const spanMs = view.toMs - view.fromMs
  const fromMs = ms - spanMs * share
  return hold({ ...view, fromMs, toMs: fromMs + spanMs }, nowMs)
}

/** Moves the view just far enough that `ms` is inside; the same view where it already is. */
export function keepInside(view: View, ms: number, nowMs: number): View {
  const marginMs = (view.toMs - view.fromMs) * 0.05
  if (ms > view.toMs - marginMs) return centreOn(view, ms, nowMs, 0.2)
  if (ms < view.fromMs + marginMs) return centreOn(view, ms, nowMs, 0.8)
  return view
}

function hold(view: View, nowMs: number): View {
  const spanMs = view.toMs - view.fromMs
  const latestMs = nowMs + spanMs * futureShare
  const toMs = Math.max(spanMs, Math.min(latestMs, view.toMs))
  return { ...view, fromMs: toMs - spanMs, toMs }
}

export interface LaneBox {
  readonly cameraId: string
  /** Where recorded, gap and not-wanted are drawn. */
  readonly barTop: number
  readonly barHeight: number
  /** Where events are drawn, under the bar. */
  readonly eventTop: number
  readonly eventHeight: number
  /** The whole lane, for pointing and for the name. */
  readonly top: number
  readonly height: number
}

export interface LaneMeasures {
  readonly rulerPx: number
  readonly lanePx: number
  readonly barPx: number
  readonly eventPx: number
  /** Room above the bar for the name, where it has no column of its own (phones). */
  readonly namePx: number
}

export const wideMeasures: LaneMeasures = { rulerPx: 28, lanePx: 40, barPx: 14, eventPx: 10, namePx: 0 }
export const narrowMeasures: LaneMeasures = { rulerPx: 36, lanePx: 56, barPx: 14, eventPx: 10, namePx: 20 }

/** Lanes from top to bottom, under the ruler. */
export function layoutLanes(cameraIds: readonly string[], measures: LaneMeasures): LaneBox[] {
  const { rulerPx, lanePx, barPx, eventPx, namePx } = measures
  const paddingPx = (lanePx - namePx - barPx - eventPx - 3) / 2
  return cameraIds.map((cameraId, i) => {
    const top = rulerPx + i * lanePx
    const barTop = top + namePx + paddingPx
    return {
      cameraId,
      top,
      height: lanePx,
      barTop,
      barHeight: barPx,
      eventTop: barTop + barPx + 3,
      eventHeight: eventPx,
    }
  })
}

/** x and width of a span, cut to the view and at least `minPx` wide; undefined where it is out of sight. */
export function spanBox(
  view: View,
  span: { readonly startMs: number; readonly endMs: number },
  minPx: number,
): { readonly x: number; readonly width: number } | undefined {
  if (span.endMs < view.fromMs || span.startMs > view.toMs) return undefined
  const x = Math.max(0, timeToX(view, span.startMs))
  const width = Math.max(minPx, Math.min(view.widthPx, timeToX(view, span.endMs)) - x)
  return { x, width }
}

export interface PlacedEvent {
  readonly id: string
  readonly startMs: number
  readonly endMs: number | null
}

/** The event under a point, allowing for a fingertip or a pointer's shake; the nearest where several are close. */
export function eventAt<E extends PlacedEvent>(
  view: View,
  events: readonly E[],
  xPx: number,
  reachPx: number,
): E | undefined {
  let nearest: E | undefined
  let nearestPx = reachPx
  for (const event of events) {
    const from = timeToX(view, event.startMs)
    const to = timeToX(view, event.endMs ?? view.toMs)
    const awayPx = xPx < from ? from - xPx : xPx > to ? xPx - to : 0
    // Of two under the pointer the one that began last is on top.
    if (awayPx < nearestPx || (awayPx === nearestPx && nearest)) {
      nearest = event
      nearestPx = awayPx
    }
  }
  return nearest
}

export type Hit =
  | { readonly area: 'ruler'; readonly ms: number }
  | { readonly area: 'lane'; readonly ms: number; readonly cameraId: string; readonly onEvents: boolean }
  | { readonly area: 'below'; readonly ms: number }

export function hitTest(view: View, lanes: readonly LaneBox[], rulerPx: number, xPx: number, yPx: number): Hit {
  const ms = xToTime(view, xPx)
  if (yPx < rulerPx) return { area: 'ruler', ms }
  const lane = lanes.find((box) => yPx >= box.top && yPx < box.top + box.height)
  if (!lane) return { area: 'below', ms }
  return { area: 'lane', ms, cameraId: lane.cameraId, onEvents: yPx >= lane.eventTop - 2 }
}
