/** Chosen or not, as part of a form; what takes effect at once is a Switch. */
import type { ReactNode } from 'react'

interface Props {
  label: ReactNode
  hint?: ReactNode
  checked: boolean
  onChange: (checked: boolean) => void
  disabled?: boolean
}

export function Checkbox({ label, hint, checked, onChange, disabled = false }: Props) {
  return (
    <label className="flex min-h-control items-start gap-2.5 py-1.5 has-disabled:opacity-50">
      <input
        type="checkbox"
        className="mt-0.5 size-4 shrink-0 accent-accent"
        checked={checked}
        disabled={disabled}
        onChange={(event) => onChange(event.target.checked)}
      />
      <span className="min-w-0">
        <span className="block font-medium">{label}</span>
        {hint ? <span className="block text-xs text-low">{hint}</span> : null}
      </span>
    </label>
  )
}
