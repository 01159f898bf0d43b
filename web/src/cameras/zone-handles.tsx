/** The points of the chosen zone, to be dragged or moved by keys, and between them the handles that add one. */
import type { Zone } from '@vedette/shared/camera.ts'
import type { KeyboardEvent, PointerEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { formatPercent } from '../i18n/format.ts'
import { insertPoint, middle, nudge, type Point, removePoint, replacePoint } from './zone-points.ts'

interface Props {
  zone: Zone
  pointAt: (event: { clientX: number; clientY: number }) => Point
  onChange: (points: Point[]) => void
}

const steps = new Map([
  ['ArrowLeft', [-1, 0]],
  ['ArrowRight', [1, 0]],
  ['ArrowUp', [0, -1]],
  ['ArrowDown', [0, 1]],
] as const)
const at = ({ x, y }: Point) => ({ left: `${x * 100}%`, top: `${y * 100}%` })

export function ZoneHandles({ zone, pointAt, onChange }: Props) {
  const { t } = useTranslation()
  const { points } = zone

  const moveByKey = (event: KeyboardEvent, index: number, point: Point) => {
    const step = [...steps].find(([key]) => key === event.key)?.[1]
    const size = event.shiftKey ? 0.05 : 0.005
    if (step) onChange(replacePoint(points, index, nudge(point, step[0] * size, step[1] * size)))
    else if (event.key === 'Delete' || event.key === 'Backspace') onChange(removePoint(points, index))
    else if (event.key === 'Insert' || event.key === '+') onChange(insertPoint(points, index))
    else return
    event.preventDefault()
  }
  const drag = (event: PointerEvent, index: number) => {
    if (event.currentTarget.hasPointerCapture(event.pointerId)) onChange(replacePoint(points, index, pointAt(event)))
  }
  const grab = (event: PointerEvent) => event.currentTarget.setPointerCapture(event.pointerId)

  return (
    <>
      {points.map((_, index) => (
        <button
          // biome-ignore lint/suspicious/noArrayIndexKey: a point is its place in the zone.
          key={`add-${index}`}
          type="button"
          tabIndex={-1}
          aria-hidden
          className="absolute size-5 -translate-1/2 cursor-copy! before:absolute before:inset-1.5 before:rounded-full before:border before:border-mark before:bg-scrim"
          style={at(middle(points, index))}
          onClick={() => onChange(insertPoint(points, index))}
        />
      ))}
      {points.map((point, index) => (
        <button
          // biome-ignore lint/suspicious/noArrayIndexKey: as above.
          key={index}
          type="button"
          aria-label={t('cameras.zones.point', {
            number: index + 1,
            count: points.length,
            zone: zone.name,
            x: formatPercent(point.x),
            y: formatPercent(point.y),
          })}
          className="absolute size-6 -translate-1/2 touch-none cursor-grab! rounded-full before:absolute before:inset-1 before:rounded-full before:border-2 before:border-mark before:bg-scrim active:cursor-grabbing! pointer-coarse:size-10 pointer-coarse:before:inset-2.5"
          style={at(point)}
          onPointerDown={grab}
          onPointerMove={(event) => drag(event, index)}
          onDoubleClick={() => onChange(removePoint(points, index))}
          onKeyDown={(event) => moveByKey(event, index, point)}
        />
      ))}
    </>
  )
}
