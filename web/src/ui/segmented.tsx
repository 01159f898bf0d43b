/** One of a few choices, all visible. Arrow keys move the choice. */
import { RadioGroup } from 'radix-ui'
import type { ReactNode } from 'react'
import { cx } from './cx.ts'

interface Props<V extends string> {
  label: string
  value: V
  options: readonly { readonly value: V; readonly label: ReactNode; readonly title?: string }[]
  onChoose: (value: V) => void
  disabled?: boolean
  className?: string
}

export function Segmented<V extends string>({
  label,
  value,
  options,
  onChoose,
  disabled = false,
  className,
}: Props<V>) {
  return (
    <RadioGroup.Root
      aria-label={label}
      orientation="horizontal"
      value={value}
      disabled={disabled}
      onValueChange={(chosen) => {
        const option = options.find((o) => o.value === chosen)
        if (option) onChoose(option.value)
      }}
      className={cx(
        'inline-flex h-control w-fit max-w-full rounded-md border border-edge/60 bg-surface-1 p-0.5',
        className,
      )}
    >
      {options.map((option) => (
        <RadioGroup.Item
          key={option.value}
          value={option.value}
          title={option.title}
          aria-label={option.title}
          className={cx(
            'flex min-w-0 items-center justify-center gap-1.5 truncate rounded-sm px-2.5 font-medium text-mid transition-colors',
            'hover:text-high data-[state=checked]:bg-accent-quiet data-[state=checked]:text-accent',
            'focus-visible:outline-offset-0 disabled:opacity-50 [&_svg]:size-4',
          )}
        >
          {option.label}
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  )
}
