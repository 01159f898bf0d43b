/** A button's list of actions or choices. Not modal: radix-ui's scroll lock would need inline styles. */

import { Check } from 'lucide-react'
import { DropdownMenu as Radix } from 'radix-ui'
import type { ReactElement, ReactNode } from 'react'
import { cx } from './cx.ts'
import { usePortal } from './portal.ts'

interface MenuProps {
  /** The button that opens it. */
  trigger: ReactElement
  children: ReactNode
  align?: 'start' | 'center' | 'end'
  side?: 'top' | 'right' | 'bottom' | 'left'
}

export function Menu({ trigger, children, align = 'end', side = 'bottom' }: MenuProps) {
  const container = usePortal()
  return (
    <Radix.Root modal={false}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal container={container}>
        <Radix.Content
          align={align}
          side={side}
          sideOffset={4}
          collisionPadding={8}
          className="z-50 min-w-48 rounded-md border border-line bg-surface-1 p-1 text-sm"
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

const itemClass =
  'flex min-h-control items-center gap-2 rounded-sm px-2 outline-none select-none cursor-default ' +
  'data-highlighted:bg-surface-2 data-disabled:opacity-50 [&_svg]:size-4 [&_svg]:shrink-0'

interface MenuItemProps {
  onSelect: () => void
  children: ReactNode
  danger?: boolean
  disabled?: boolean
}

export function MenuItem({ onSelect, children, danger = false, disabled = false }: MenuItemProps) {
  return (
    <Radix.Item className={cx(itemClass, danger && 'text-danger-text')} disabled={disabled} onSelect={onSelect}>
      {children}
    </Radix.Item>
  )
}

interface MenuChoiceProps<V extends string> {
  label: string
  value: V
  options: readonly { readonly value: V; readonly label: string }[]
  onChoose: (value: V) => void
}

/** One of several, with a tick at the chosen one. */
export function MenuChoice<V extends string>({ label, value, options, onChoose }: MenuChoiceProps<V>) {
  return (
    <Radix.RadioGroup
      value={value}
      onValueChange={(chosen) => {
        const option = options.find((o) => o.value === chosen)
        if (option) onChoose(option.value)
      }}
    >
      <Radix.Label className="px-2 pt-2 pb-1 text-xs text-low">{label}</Radix.Label>
      {options.map((option) => (
        <Radix.RadioItem key={option.value} value={option.value} className={cx(itemClass, 'pl-8 relative')}>
          <Radix.ItemIndicator className="absolute left-2 text-accent">
            <Check />
          </Radix.ItemIndicator>
          {option.label}
        </Radix.RadioItem>
      ))}
    </Radix.RadioGroup>
  )
}

export function MenuLine() {
  return <Radix.Separator className="-mx-1 my-1 h-px bg-line" />
}

/** Words that cannot be chosen, e.g. whose account it is. */
export function MenuNote({ children }: { children: ReactNode }) {
  return <Radix.Label className="block px-2 py-1.5 text-mid">{children}</Radix.Label>
}
