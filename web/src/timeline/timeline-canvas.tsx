/** The canvas of the timeline with the names of its lanes: drawing, pointing, scrolling. Words for screen readers stand beside it. */
import type { CameraView } from '@vedette/shared/camera.ts'
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useTheme } from '../ui/theme.ts'
import { useSize } from '../ui/use-size.ts'
import { drawTimeline } from './draw-timeline.ts'
import { LaneNames } from './lane-names.tsx'
import type { PlaybackStore } from './playback-store.ts'
import { readColors } from './timeline-colors.ts'
import { eventAt, type Hit, hitTest, layoutLanes, narrowMeasures, type View, wideMeasures } from './timeline-layout.ts'
import { useCauseNames } from './use-cause-names.ts'
import { type Gestures, type Point, useGestures } from './use-gestures.ts'
import type { TimelineData } from './use-timeline-data.ts'

export interface EventUnder {
  readonly id: string
  readonly cameraId: string
  readonly kind: string
  readonly startMs: number
  readonly endMs: number | null
  readonly kept: boolean
  /** In the window. */
  readonly x: number
  readonly y: number
}

interface Props {
  cameras: readonly CameraView[]
  played: ReadonlySet<string>
  onTogglePlayed: (id: string) => void
  view: View
  onView: (view: View) => void
  data: TimelineData
  zone: string
  shownKinds: ReadonlySet<string>
  span: { readonly startMs: number; readonly endMs: number } | undefined
  onSpan: (span: { startMs: number; endMs: number }) => void
  store: PlaybackStore
  /** Where somebody drags the ruler to: the playhead goes along. */
  scrubMs: number | undefined
  isPlaying: boolean
  onScrub: (ms: number, isOver: boolean) => void
  onPick: (hit: Hit, event: EventUnder | undefined) => void
  onEventUnder: (event: EventUnder | undefined) => void
  label: string
  valueText: string
}

const narrowPx = 640
const namesPx = 136

export function TimelineCanvas(props: Props) {
  const { cameras, view, data, zone, played, span, shownKinds, isPlaying, store, scrubMs } = props
  const { t } = useTranslation()
  const frame = useRef<HTMLDivElement>(null)
  const canvas = useRef<HTMLCanvasElement>(null)
  const size = useSize(frame)
  const isNarrow = size.width < narrowPx
  const measures = isNarrow ? narrowMeasures : wideMeasures
  const ids = useMemo(() => cameras.map((camera) => camera.id), [cameras])
  const recording = useMemo(
    () => new Set(cameras.filter((camera) => camera.status.recording).map((camera) => camera.id)),
    [cameras],
  )
  const lanes = useMemo(() => layoutLanes(ids, measures), [ids, measures])
  const widthPx = Math.max(1, Math.floor(size.width - (isNarrow ? 0 : namesPx)))
  const fullPx = measures.rulerPx + lanes.length * measures.lanePx
  const heightPx = Math.min(fullPx, Math.max(measures.rulerPx + measures.lanePx, size.height))
  const [pointer, setPointer] = useState<Point>()
  const causes = useCauseNames()
  const theme = useTheme()
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme changes what is read.
  const colors = useMemo(readColors, [theme])

  useEffect(() => {
    if (size.width > 0 && view.widthPx !== widthPx) props.onView({ ...view, widthPx })
  }, [size.width, view, widthPx, props.onView])

  const draw = useCallback(() => {
    const context = canvas.current?.getContext('2d', { alpha: false })
    if (!context || view.widthPx !== widthPx) return
    const ratio = devicePixelRatio
    context.setTransform(ratio, 0, 0, ratio, 0, 0)
    drawTimeline(context, {
      view,
      heightPx,
      rulerPx: measures.rulerPx,
      scrollPx: frame.current?.scrollTop ?? 0,
      lanes,
      tiles: data.cache.read(view),
      played,
      recording,
      nowMs: Date.now(),
      // While footage plays it moves between two renderings.
      playheadMs: scrubMs ?? store.state().atMs,
      pointerMs: pointer && view.fromMs + (pointer.x / widthPx) * (view.toMs - view.fromMs),
      span,
      zone,
      colors,
      causes,
      shownKinds,
    })
  }, [
    view,
    widthPx,
    heightPx,
    measures,
    lanes,
    data,
    played,
    recording,
    store,
    scrubMs,
    pointer,
    span,
    zone,
    colors,
    causes,
    shownKinds,
  ])

  useLayoutEffect(() => {
    if (!canvas.current) return
    const ratio = devicePixelRatio
    const [width, height] = [Math.round(widthPx * ratio), Math.round(heightPx * ratio)]
    // Setting a size, even the same, clears the canvas.
    if (canvas.current.width !== width) canvas.current.width = width
    if (canvas.current.height !== height) canvas.current.height = height
    draw()
  })
  useAnimation(draw, isPlaying)
  useEffect(() => store.subscribe(draw), [store, draw])

  const under = (point: Point): { hit: Hit; event: EventUnder | undefined } => {
    const scrollPx = point.y >= measures.rulerPx ? (frame.current?.scrollTop ?? 0) : 0
    const hit = hitTest(view, lanes, measures.rulerPx, point.x, point.y + scrollPx)
    const box = canvas.current?.getBoundingClientRect()
    if (hit.area !== 'lane' || !hit.onEvents || !box) return { hit, event: undefined }
    const events = data.cache
      .read(view)
      .flatMap((tile) => tile.answer.lanes.filter((lane) => lane.cameraId === hit.cameraId))
      .flatMap((lane) => lane.events.filter((event) => shownKinds.has(event.kind)))
    const event = eventAt(view, events, point.x, 8)
    return { hit, event: event && { ...event, cameraId: hit.cameraId, x: box.left + point.x, y: box.top + point.y } }
  }
  const gestures: Gestures = {
    view,
    rulerPx: measures.rulerPx,
    onView: props.onView,
    onScrub: props.onScrub,
    onSpan: (a, b) => props.onSpan({ startMs: Math.min(a, b), endMs: Math.max(a, b) }),
    onClick: (point, isTouch) => {
      const { hit, event } = under(point)
      // A finger cannot hover: its press on an event shows the picture, too.
      if (isTouch) props.onEventUnder(event)
      props.onPick(hit, event)
    },
    onPointer: (point) => {
      setPointer(point)
      props.onEventUnder(point && under(point).event)
    },
  }
  useGestures(canvas, gestures)

  return (
    <div
      ref={frame}
      onScroll={draw}
      className="relative min-h-0 flex-1 overflow-y-auto overscroll-contain bg-surface-0"
    >
      <div style={{ height: fullPx }} className="relative flex">
        <LaneNames
          cameras={cameras}
          measures={measures}
          isNarrow={isNarrow}
          widthPx={namesPx}
          played={played}
          onToggle={props.onTogglePlayed}
        />
        <canvas
          ref={canvas}
          tabIndex={0}
          role="slider"
          aria-label={props.label}
          aria-orientation="horizontal"
          aria-valuemin={Math.round(view.fromMs)}
          aria-valuemax={Math.round(view.toMs)}
          aria-valuenow={Math.round(store.state().atMs ?? view.fromMs)}
          aria-valuetext={props.valueText}
          aria-describedby="timeline-lanes"
          aria-roledescription={t('timeline.title')}
          style={{ width: widthPx, height: heightPx }}
          className="sticky top-0 cursor-crosshair touch-pan-y -outline-offset-2 select-none"
        />
      </div>
    </div>
  )
}

/** Draws at every frame while something moves. */
function useAnimation(draw: () => void, isMoving: boolean): void {
  useEffect(() => {
    if (!isMoving) return
    let frame = requestAnimationFrame(function again() {
      draw()
      frame = requestAnimationFrame(again)
    })
    return () => cancelAnimationFrame(frame)
  }, [draw, isMoving])
}
