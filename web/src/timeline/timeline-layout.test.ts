import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  centreOn,
  eventAt,
  hitTest,
  keepInside,
  layoutLanes,
  maxSpanMs,
  minSpanMs,
  panBy,
  spanBox,
  timeToX,
  type View,
  wideMeasures,
  xToTime,
  zoomAt,
} from './timeline-layout.ts'

const hourMs = 3_600_000
const nowMs = Date.UTC(2026, 10, 18, 12)
const view: View = { fromMs: nowMs - 10 * hourMs, toMs: nowMs, widthPx: 1000 }

test('time and place lead to each other', () => {
  expect(timeToX(view, nowMs - 5 * hourMs)).toBe(500)
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1000, noNaN: true }), (x) => {
      expect(timeToX(view, xToTime(view, x))).toBeCloseTo(x, 3)
    }),
  )
})

test('zoom keeps the instant under the pointer', () => {
  const zoomed = zoomAt(view, 300, 4, nowMs)
  expect(zoomed.toMs - zoomed.fromMs).toBe(2.5 * hourMs)
  expect(xToTime(zoomed, 300)).toBeCloseTo(xToTime(view, 300), 3)
})

test('zoom ends at a few seconds and at four hundred days', () => {
  const near = zoomAt(view, 500, 1e9, nowMs)
  expect(near.toMs - near.fromMs).toBeCloseTo(minSpanMs)
  const far = zoomAt(view, 500, 1e-9, nowMs)
  expect(far.toMs - far.fromMs).toBe(maxSpanMs)
})

test('the future is only half a view away', () => {
  expect(panBy(view, -100_000, nowMs).toMs).toBe(nowMs + 5 * hourMs)
  expect(panBy(view, 100, nowMs).fromMs).toBe(view.fromMs - hourMs)
})

test('follows the playhead by turning the page, not by creeping', () => {
  expect(keepInside(view, nowMs - 5 * hourMs, nowMs)).toBe(view)
  const early: View = { ...view, fromMs: view.fromMs - 20 * hourMs, toMs: view.toMs - 20 * hourMs }
  const turned = keepInside(early, early.toMs + 1000, nowMs)
  expect(timeToX(turned, early.toMs + 1000)).toBeCloseTo(200, 3)
  expect(timeToX(centreOn(early, early.fromMs, nowMs), early.fromMs)).toBeCloseTo(500, 3)
})

test('a span is cut to the view and never thinner than asked', () => {
  expect(spanBox(view, { startMs: 0, endMs: nowMs - 9 * hourMs }, 1)).toEqual({ x: 0, width: 100 })
  expect(spanBox(view, { startMs: nowMs - hourMs, endMs: nowMs - hourMs + 1 }, 2)).toEqual({ x: 900, width: 2 })
  expect(spanBox(view, { startMs: 0, endMs: 1 }, 2)).toBeUndefined()
})

test('a point leads to ruler, lane or nothing', () => {
  const lanes = layoutLanes(['a', 'b'], wideMeasures)
  const at = (y: number) => hitTest(view, lanes, wideMeasures.rulerPx, 500, y)
  expect(at(5)).toEqual({ area: 'ruler', ms: nowMs - 5 * hourMs })
  expect(at(30)).toMatchObject({ area: 'lane', cameraId: 'a', onEvents: false })
  expect(at(60)).toMatchObject({ area: 'lane', cameraId: 'a', onEvents: true })
  expect(at(70)).toMatchObject({ area: 'lane', cameraId: 'b' })
  expect(at(500)).toMatchObject({ area: 'below' })
})

test('finds the event under the pointer, the nearest within reach, the later of two on top of each other', () => {
  const event = (id: string, fromX: number, toX: number) => ({
    id,
    startMs: xToTime(view, fromX),
    endMs: xToTime(view, toX),
  })
  const events = [event('long', 100, 400), event('inside', 200, 210), event('far', 600, 601)]
  expect(eventAt(view, events, 150, 6)?.id).toBe('long')
  expect(eventAt(view, events, 205, 6)?.id).toBe('inside')
  expect(eventAt(view, events, 605, 6)?.id).toBe('far')
  expect(eventAt(view, events, 500, 6)).toBeUndefined()
})
