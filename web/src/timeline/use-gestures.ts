/**
 * Mouse, pen and fingers on the timeline: drag pans, two fingers zoom, the wheel zooms at the pointer, a drag on the ruler
 * scrubs, a drag with shift chooses a span, a press without a drag is a click.
 *
 * In:        pointer and wheel events of one element. Out: calls with times and places.
 * Not here:  what a click means (timeline-page.tsx), geometry (timeline-layout.ts).
 */
import { type RefObject, useEffect, useRef } from 'react'
import { panBy, type View, xToTime, zoomAt } from './timeline-layout.ts'

export interface Point {
  readonly x: number
  readonly y: number
}
export interface Gestures {
  readonly view: View
  readonly rulerPx: number
  onView(view: View): void
  onScrub(ms: number, isOver: boolean): void
  onSpan(fromMs: number, toMs: number): void
  onClick(point: Point, isTouch: boolean): void
  /** Undefined: the pointer left. */
  onPointer(point: Point | undefined): void
}

type Mode = 'press' | 'pan' | 'scrub' | 'span' | 'pinch'
const clickPx = 4

export function useGestures(element: RefObject<HTMLElement | null>, gestures: Gestures): void {
  const latest = useRef(gestures)
  latest.current = {
    ...gestures,
    onView(view) {
      // Two fingers, or a fast mouse, move more than once before the next rendering: each starts from the last one's view.
      latest.current = { ...latest.current, view }
      gestures.onView(view)
    },
  }
  useEffect(() => {
    if (!element.current) return
    const hand = new Hand(element.current, () => latest.current)
    return () => hand.close()
  }, [element])
}

class Hand {
  readonly #element: HTMLElement
  readonly #now: () => Gestures
  readonly #end = new AbortController()
  readonly #down = new Map<number, Point>()
  #mode: Mode | undefined
  #from: Point = { x: 0, y: 0 }
  #fromMs = 0

  constructor(element: HTMLElement, now: () => Gestures) {
    this.#element = element
    this.#now = now
    const options = { signal: this.#end.signal }
    element.addEventListener('pointerdown', (event) => this.#press(event), options)
    element.addEventListener('pointermove', (event) => this.#move(event), options)
    element.addEventListener('pointerup', (event) => this.#release(event), options)
    element.addEventListener('pointercancel', (event) => this.#cancel(event), options)
    element.addEventListener('pointerleave', () => this.#now().onPointer(undefined), options)
    element.addEventListener('wheel', (event) => this.#wheel(event), { ...options, passive: false })
  }

  close(): void {
    this.#end.abort()
  }

  #place(event: MouseEvent): Point {
    const box = this.#element.getBoundingClientRect()
    return { x: event.clientX - box.left, y: event.clientY - box.top }
  }

  #press(event: PointerEvent): void {
    if (event.button !== 0) return
    const place = this.#place(event)
    this.#element.setPointerCapture(event.pointerId)
    this.#now().onPointer(undefined)
    this.#down.set(event.pointerId, place)
    this.#from = place
    const { view, rulerPx } = this.#now()
    this.#fromMs = xToTime(view, place.x)
    if (this.#down.size === 2) this.#mode = 'pinch'
    else if (event.shiftKey) this.#mode = 'span'
    else if (place.y < rulerPx) {
      this.#mode = 'scrub'
      this.#now().onScrub(this.#fromMs, false)
    } else this.#mode = 'press'
  }

  #move(event: PointerEvent): void {
    const place = this.#place(event)
    const before = this.#down.get(event.pointerId)
    if (!before) {
      if (event.pointerType !== 'touch') this.#now().onPointer(place)
      return
    }
    const { view, onView } = this.#now()
    if (this.#mode === 'press' && Math.abs(place.x - this.#from.x) > clickPx) {
      this.#mode = 'pan'
    }
    if (this.#mode === 'pan') onView(panBy(view, place.x - before.x, Date.now()))
    if (this.#mode === 'pinch') this.#pinch(event.pointerId, before, place)
    if (this.#mode === 'scrub') this.#now().onScrub(xToTime(view, place.x), false)
    if (this.#mode === 'span') this.#now().onSpan(this.#fromMs, xToTime(view, place.x))
    this.#down.set(event.pointerId, place)
  }

  #pinch(id: number, before: Point, place: Point): void {
    const other = [...this.#down].find(([otherId]) => otherId !== id)?.[1]
    if (!other) return
    const factor = Math.max(20, Math.abs(place.x - other.x)) / Math.max(20, Math.abs(before.x - other.x))
    const { view, onView } = this.#now()
    // The point between the fingers stays under them.
    const panned = panBy(view, (place.x - before.x) / 2, Date.now())
    onView(zoomAt(panned, (place.x + other.x) / 2, factor, Date.now()))
  }

  #release(event: PointerEvent): void {
    if (!this.#down.delete(event.pointerId)) return
    const { view } = this.#now()
    const place = this.#place(event)
    if (this.#mode === 'press') this.#now().onClick(place, event.pointerType === 'touch')
    if (this.#mode === 'scrub') this.#now().onScrub(xToTime(view, place.x), true)
    this.#mode = this.#down.size > 0 ? 'pan' : undefined
  }

  #cancel(event: PointerEvent): void {
    this.#down.delete(event.pointerId)
    // The browser took the finger to scroll with: a scrub ends where it was.
    if (this.#mode === 'scrub') this.#now().onScrub(xToTime(this.#now().view, this.#from.x), true)
    this.#mode = undefined
  }

  #wheel(event: WheelEvent): void {
    event.preventDefault()
    const { view, onView } = this.#now()
    const unitPx = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 32 : 1
    const isSideways = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)
    if (isSideways) {
      onView(panBy(view, -(event.deltaX || event.deltaY) * unitPx, Date.now()))
      return
    }
    // Touchpads pinch as a wheel with ctrl, in smaller steps.
    const strength = event.ctrlKey ? 0.01 : 0.002
    const steps = Math.max(-1, Math.min(1, -event.deltaY * unitPx * strength))
    onView(zoomAt(view, this.#place(event).x, Math.exp(steps), Date.now()))
  }
}
