/** A short list of things with a name and a sentence, each to change or delete. */
import { Pencil, Trash2 } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { IconButton } from '../ui/button.tsx'

interface Props<T> {
  rows: readonly T[]
  sentence: (row: T) => ReactNode
  onChange: (row: T) => void
  onDelete: (row: T) => void
}

export function NamedRows<T extends { readonly id: string; readonly name: string }>(props: Props<T>) {
  const { t } = useTranslation()
  return (
    <ul>
      {props.rows.map((row) => (
        <li key={row.id} className="flex items-center gap-1 border-t border-line py-2">
          <div className="min-w-0 flex-1">
            <p className="font-medium wrap-anywhere">{row.name}</p>
            <p className="text-mid">{props.sentence(row)}</p>
          </div>
          <IconButton label={t('users.changeNamed', { name: row.name })} onClick={() => props.onChange(row)}>
            <Pencil />
          </IconButton>
          <IconButton label={t('users.deleteNamed', { name: row.name })} onClick={() => props.onDelete(row)}>
            <Trash2 />
          </IconButton>
        </li>
      ))}
    </ul>
  )
}
