/** Buttons: one primary per view, plain for the rest, quiet in toolbars, danger for what cannot be taken back. */
import { Slot } from 'radix-ui'
import type { ComponentProps, ReactNode } from 'react'
import { cx } from './cx.ts'
import { Tooltip } from './tooltip.tsx'

const looks = {
  primary: 'bg-accent text-on-accent border-transparent hover:brightness-110',
  plain: 'border-edge/60 text-high hover:bg-surface-2 hover:border-edge',
  quiet: 'border-transparent text-mid hover:bg-surface-2 hover:text-high',
  danger: 'bg-danger-fill text-on-danger border-transparent hover:brightness-110',
  'danger-plain': 'border-edge/60 text-danger-text hover:bg-surface-2 hover:border-danger',
} as const

const base =
  'inline-flex items-center justify-center gap-2 h-control rounded-md border font-medium whitespace-nowrap select-none ' +
  'transition-[background-color,border-color,color,filter] disabled:opacity-50 disabled:pointer-events-none ' +
  'aria-disabled:opacity-50 aria-disabled:pointer-events-none [&_svg]:size-4 [&_svg]:shrink-0'

export interface ButtonProps extends ComponentProps<'button'> {
  look?: keyof typeof looks
  /** Shows that what the button started is going on, and refuses a second press. */
  busy?: boolean
  /** Gives its looks to its only child, e.g. a link. */
  asChild?: boolean
}

export function Button({ look = 'plain', busy = false, asChild = false, className, disabled, ...rest }: ButtonProps) {
  const classes = cx(base, 'px-3', looks[look], className)
  if (asChild) return <Slot.Root className={classes} {...rest} />
  return (
    <button type="button" className={classes} disabled={disabled || busy} aria-busy={busy || undefined} {...rest} />
  )
}

interface IconButtonProps extends Omit<ButtonProps, 'children' | 'aria-label'> {
  /** What the button does, in words: read aloud and shown as tooltip. */
  label: string
  children: ReactNode
}

/** A square button with a picture; `pressed` makes it a toggle. */
export function IconButton({ label, look = 'quiet', className, busy = false, disabled, ...rest }: IconButtonProps) {
  return (
    <Tooltip text={label}>
      <button
        type="button"
        aria-label={label}
        className={cx(base, 'w-control shrink-0 aria-pressed:text-accent', looks[look], className)}
        disabled={disabled || busy}
        {...rest}
      />
    </Tooltip>
  )
}
