/** A labelled control with a hint and an error, wired together for screen readers. */
import { type ComponentProps, type ReactNode, useId } from 'react'
import { cx } from './cx.ts'

/** Goes onto the control inside a Field. */
export interface FieldControl {
  readonly id: string
  readonly 'aria-describedby': string | undefined
  readonly 'aria-invalid': true | undefined
}

interface FieldProps {
  label: ReactNode
  hint?: ReactNode
  error?: ReactNode
  className?: string
  children: (control: FieldControl) => ReactNode
}

export function Field({ label, hint, error, className, children }: FieldProps) {
  const id = useId()
  const describedBy = [hint ? `${id}-hint` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ')
  return (
    <div className={cx('flex min-w-0 flex-col gap-1', className)}>
      <label htmlFor={id} className="text-sm font-medium text-high">
        {label}
      </label>
      {children({ id, 'aria-describedby': describedBy || undefined, 'aria-invalid': error ? true : undefined })}
      {hint ? (
        <p id={`${id}-hint`} className="text-xs text-low">
          {hint}
        </p>
      ) : null}
      {error ? (
        <p id={`${id}-error`} role="alert" className="text-xs text-danger-text">
          {error}
        </p>
      ) : null}
    </div>
  )
}

const box =
  'h-control min-w-0 rounded-md border border-edge bg-surface-1 px-2.5 text-sm text-high placeholder:text-low ' +
  'hover:border-mid focus-visible:outline-offset-0 aria-invalid:border-danger disabled:opacity-50 pointer-coarse:text-base'

export function Input({ className, ...rest }: ComponentProps<'input'>) {
  return <input className={cx(box, 'w-full', className)} spellCheck={false} {...rest} />
}

interface NumberInputProps extends Omit<ComponentProps<'input'>, 'value' | 'onChange'> {
  value: number | null
  onValue: (value: number | null) => void
  unit?: string
}

/** A number with its unit beside it; empty is null. */
export function NumberInput({ value, onValue, unit, className, ...rest }: NumberInputProps) {
  return (
    <div className={cx('flex items-center gap-2', className)}>
      <input
        type="number"
        inputMode="decimal"
        className={cx(box, 'w-24')}
        value={value ?? ''}
        onChange={(event) => onValue(event.target.value === '' ? null : event.target.valueAsNumber)}
        {...rest}
      />
      {unit ? <span className="text-mid">{unit}</span> : null}
    </div>
  )
}

interface SelectProps<V extends string> extends Omit<ComponentProps<'select'>, 'value' | 'onChange'> {
  value: V
  options: readonly { readonly value: V; readonly label: string }[]
  onValue: (value: V) => void
}

/** The browser's own list: it opens well on every phone and needs no scroll lock. */
export function Select<V extends string>({ value, options, onValue, className, ...rest }: SelectProps<V>) {
  return (
    <select
      className={cx(box, 'w-full', className)}
      value={value}
      onChange={(event) => {
        const option = options.find((o) => o.value === event.target.value)
        if (option) onValue(option.value)
      }}
      {...rest}
    >
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  )
}
