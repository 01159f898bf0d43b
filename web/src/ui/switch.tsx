/** On or off, at once. The words stand beside it and are part of the target. */
import { Switch as Radix } from 'radix-ui'
import { type ReactNode, useId } from 'react'
import { cx } from './cx.ts'

interface Props {
  label: ReactNode
  hint?: ReactNode
  checked: boolean
  onChange: (checked: boolean) => void
  disabled?: boolean
  /** Shows only the switch; the label is read aloud. */
  bare?: boolean
}

export function Switch({ label, hint, checked, onChange, disabled = false, bare = false }: Props) {
  const id = useId()
  const control = (
    <Radix.Root
      id={id}
      checked={checked}
      onCheckedChange={onChange}
      disabled={disabled}
      aria-label={bare && typeof label === 'string' ? label : undefined}
      aria-describedby={hint ? `${id}-hint` : undefined}
      className={cx(
        'inline-flex h-5 w-9 shrink-0 items-center rounded-full border border-edge bg-surface-2 px-0.5 transition-colors',
        'data-[state=checked]:border-accent data-[state=checked]:bg-accent disabled:opacity-50',
      )}
    >
      <Radix.Thumb className="size-3.5 rounded-full bg-mid transition-transform data-[state=checked]:translate-x-4 data-[state=checked]:bg-on-accent" />
    </Radix.Root>
  )
  if (bare) return control
  return (
    <div className={cx('flex min-h-control gap-3', hint ? 'items-start py-1.5' : 'items-center')}>
      {control}
      <div className="min-w-0">
        <label htmlFor={id} className="block text-sm font-medium">
          {label}
        </label>
        {hint ? (
          <p id={`${id}-hint`} className="text-xs text-low">
            {hint}
          </p>
        ) : null}
      </div>
    </div>
  )
}
