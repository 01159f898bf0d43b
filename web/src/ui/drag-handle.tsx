/** Moves a table's row: dragged by mouse or finger, or by the arrow keys. The row it would go to shows a line. */
import { GripVertical } from 'lucide-react'
import { type KeyboardEvent, type PointerEvent, useRef } from 'react'
import { dropIndex } from './drop-index.ts'

interface Props {
  /** Says whose handle it is and that arrows work. */
  label: string
  index: number
  count: number
  onMove: (toIndex: number) => void
}

export function DragHandle({ label, index, count, onMove }: Props) {
  const target = useRef<number>(undefined)

  const rowsOf = (element: Element) => [...(element.closest('tbody')?.rows ?? [])]
  const showLine = (rows: readonly HTMLElement[], at: number | undefined) => {
    for (const [n, row] of rows.entries()) {
      if (at === undefined || at === index || n !== at) delete row.dataset.drop
      else row.dataset.drop = at < index ? 'before' : 'after'
    }
  }
  const drag = (event: PointerEvent) => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return
    const rows = rowsOf(event.currentTarget)
    target.current = dropIndex(
      rows.map((row) => row.getBoundingClientRect()),
      event.clientY,
    )
    showLine(rows, target.current)
  }
  const end = (event: PointerEvent, isDropped: boolean) => {
    showLine(rowsOf(event.currentTarget), undefined)
    const to = target.current
    target.current = undefined
    if (isDropped && to !== undefined && to !== index) onMove(to)
  }
  const moveByKey = (event: KeyboardEvent) => {
    const to = index + (event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0)
    if (to === index) return
    event.preventDefault()
    if (to >= 0 && to < count) onMove(to)
  }

  return (
    <button
      type="button"
      aria-label={label}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={drag}
      onPointerUp={(event) => end(event, true)}
      onPointerCancel={(event) => end(event, false)}
      onKeyDown={moveByKey}
      className="grid h-control w-6 touch-none place-items-center rounded-sm text-low hover:text-high cursor-grab! active:cursor-grabbing! [&_svg]:size-4"
    >
      <GripVertical />
    </button>
  )
}
