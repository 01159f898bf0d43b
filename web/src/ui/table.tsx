/** A list: a table where there is room, rows on a phone (below 768 px). */
import type { ReactNode } from 'react'
import { cx } from './cx.ts'

export interface Column<T> {
  readonly key: string
  readonly header: ReactNode
  readonly cell: (row: T) => ReactNode
  /** Numbers stand at the end. */
  readonly end?: boolean
  /** In a phone's row: first and large, a labelled line, a line of its own, or left out. */
  readonly phone?: 'title' | 'line' | 'bare' | 'none'
  readonly className?: string
}

/** Says aloud what the element is: `display: block` on a phone takes a table's own meaning away. */
const role = (name: 'table' | 'rowgroup' | 'row' | 'columnheader' | 'cell') => ({ role: name })

interface Props<T> {
  label: string
  columns: readonly Column<T>[]
  rows: readonly T[]
  rowKey: (row: T) => string
}

export function Table<T>({ label, columns, rows, rowKey }: Props<T>) {
  return (
    <table {...role('table')} aria-label={label} className="w-full border-collapse text-sm max-md:block">
      <thead className="max-md:hidden">
        <tr {...role('row')} className="border-b border-line">
          {columns.map((column) => (
            <th
              key={column.key}
              {...role('columnheader')}
              scope="col"
              className={cx(
                'h-8 px-3 text-left text-xs font-medium text-low first:pl-4 last:pr-4',
                column.end && 'text-right',
              )}
            >
              {column.header}
            </th>
          ))}
        </tr>
      </thead>
      <tbody {...role('rowgroup')} className="max-md:block">
        {rows.map((row) => (
          <tr
            key={rowKey(row)}
            {...role('row')}
            className="border-b border-line last:border-0 max-md:block max-md:px-4 max-md:py-3 md:hover:bg-surface-1 data-[drop=after]:[box-shadow:inset_0_-2px_var(--accent)] data-[drop=before]:[box-shadow:inset_0_2px_var(--accent)]"
          >
            {columns.map((column) => (
              <Cell key={column.key} column={column} row={row} />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Cell<T>({ column, row }: { column: Column<T>; row: T }) {
  const phone = column.phone ?? 'line'
  return (
    <td
      {...role('cell')}
      className={cx(
        'px-3 py-2 align-middle first:pl-4 last:pr-4 max-md:p-0!',
        column.end && 'md:text-right',
        phone === 'none' && 'max-md:hidden',
        phone === 'line' && 'max-md:flex max-md:justify-between max-md:gap-4 max-md:py-0.5!',
        phone === 'title' && 'max-md:block max-md:pb-1! max-md:text-base',
        phone === 'bare' && 'max-md:block max-md:py-1!',
        column.className,
      )}
    >
      {phone === 'line' ? <span className="text-low md:hidden">{column.header}</span> : null}
      {column.cell(row)}
    </td>
  )
}
