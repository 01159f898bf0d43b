/**
 * Draws a camera's zones over its picture. Points are dragged, or moved by the arrow keys (Shift: further);
 * the small handles between them add a point, Delete takes one away. Drawing: a click a point, Enter or the first point ends.
 *
 * Not here: names and kinds (zone-list.tsx), what a move does to the numbers (zone-points.ts).
 */
import type { Zone } from '@vedette/shared/camera.ts'
import { type ReactNode, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { cx } from '../ui/cx.ts'
import { ZoneHandles } from './zone-handles.tsx'
import { leastPoints, type Point, toPoint } from './zone-points.ts'

interface Props {
  zones: readonly Zone[]
  /** Index of the zone whose points can be moved. */
  chosen: number | undefined
  onChoose: (index: number) => void
  onChange: (index: number, points: Point[]) => void
  drawing: boolean
  onDrawn: (points: Point[]) => void
  className?: string
  children: ReactNode
}

export function ZoneEditor({ zones, chosen, onChoose, onChange, drawing, onDrawn, className, children }: Props) {
  const { t } = useTranslation()
  const box = useRef<HTMLDivElement>(null)
  const pointAt = (event: { clientX: number; clientY: number }): Point => {
    const area = box.current?.getBoundingClientRect() ?? new DOMRect(0, 0, 1, 1)
    return toPoint((event.clientX - area.left) / area.width, (event.clientY - area.top) / area.height)
  }
  return (
    <div ref={box} className={cx('relative select-none', className)}>
      {children}
      <svg
        viewBox="0 0 1 1"
        preserveAspectRatio="none"
        className="absolute inset-0 size-full overflow-visible"
        role="img"
        aria-label={t('cameras.zones.onPicture', { count: zones.length })}
      >
        {zones.map((zone, index) => (
          // biome-ignore lint/a11y/noStaticElementInteractions: by keyboard the list beside it chooses.
          <polygon
            // biome-ignore lint/suspicious/noArrayIndexKey: a zone is its place in the list.
            key={index}
            points={svgPoints(zone.points)}
            vectorEffect="non-scaling-stroke"
            strokeDasharray={zone.kind === 'exclude' ? '6 4' : undefined}
            className={cx(
              'stroke-2',
              zone.kind === 'include' ? 'fill-mark/20 stroke-mark' : 'fill-mark-danger/20 stroke-mark-danger',
              index === chosen ? 'opacity-100' : 'opacity-60',
            )}
            onClick={() => onChoose(index)}
          />
        ))}
      </svg>
      {!drawing && chosen !== undefined && zones[chosen] ? (
        <ZoneHandles zone={zones[chosen]} pointAt={pointAt} onChange={(points) => onChange(chosen, points)} />
      ) : null}
      {drawing ? <DrawingArea pointAt={pointAt} onDrawn={onDrawn} /> : null}
    </div>
  )
}

const svgPoints = (points: readonly Point[]) => points.map(({ x, y }) => `${x},${y}`).join(' ')

interface DrawingProps {
  pointAt: (event: { clientX: number; clientY: number }) => Point
  onDrawn: (points: Point[]) => void
}

/** Takes the clicks while a zone is drawn. */
function DrawingArea({ pointAt, onDrawn }: DrawingProps) {
  const { t } = useTranslation()
  const [points, setPoints] = useState<readonly Point[]>([])
  const [hover, setHover] = useState<Point>()
  const canEnd = points.length >= leastPoints
  const finish = () => canEnd && onDrawn([...points])
  const first = points[0]
  return (
    <div className="absolute inset-0">
      <button
        type="button"
        aria-label={t('cameras.zones.drawHere')}
        className="absolute inset-0 touch-none cursor-crosshair! focus-visible:outline-offset-0"
        onPointerMove={(event) => setHover(pointAt(event))}
        onPointerLeave={() => setHover(undefined)}
        onClick={(event) => event.detail === 1 && setPoints([...points, pointAt(event)])}
        onDoubleClick={finish}
        onKeyDown={(event) => {
          if (event.key === 'Enter') finish()
          if (event.key === 'Backspace') setPoints(points.slice(0, -1))
        }}
      />
      <svg
        viewBox="0 0 1 1"
        preserveAspectRatio="none"
        aria-hidden
        className="pointer-events-none absolute inset-0 size-full"
      >
        <polyline
          points={svgPoints(hover ? [...points, hover] : points)}
          vectorEffect="non-scaling-stroke"
          className="fill-mark/15 stroke-mark stroke-2"
        />
      </svg>
      {first && canEnd ? (
        <button
          type="button"
          aria-label={t('cameras.zones.finish')}
          onClick={finish}
          className="absolute size-4 -translate-1/2 rounded-full border-2 border-mark bg-scrim"
          style={{ left: `${first.x * 100}%`, top: `${first.y * 100}%` }}
        />
      ) : null}
    </div>
  )
}
