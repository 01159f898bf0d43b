/** Where something moves, drawn over the picture and in step with it, whatever the tile's shape. */
import type { MotionBox } from './picture-source.ts'

interface Props {
  boxes: readonly MotionBox[]
  width: number
  height: number
}

export function MotionBoxes({ boxes, width, height }: Props) {
  if (boxes.length === 0 || width === 0) return null
  return (
    // The same fit as the picture's object-contain.
    <svg aria-hidden viewBox={`0 0 ${width} ${height}`} className="pointer-events-none absolute inset-0 size-full">
      {boxes.map(([x, y, w, h]) => (
        <rect
          key={`${x} ${y} ${w} ${h}`}
          x={x * width}
          y={y * height}
          width={w * width}
          height={h * height}
          rx={2}
          className="fill-none stroke-mark-event [stroke-width:2px] [vector-effect:non-scaling-stroke]"
        />
      ))}
    </svg>
  )
}
