/** Parts of one thing, one at a time. A mark tells which hold something unsaved. */
import { Tabs as Radix } from 'radix-ui'
import type { ReactNode } from 'react'

interface Props<V extends string> {
  label: string
  value: V
  tabs: readonly { readonly value: V; readonly label: string; readonly marked: boolean }[]
  /** What the mark means, read aloud. */
  markLabel: string
  onChoose: (value: V) => void
  children: ReactNode
}

export function Tabs<V extends string>({ label, value, tabs, markLabel, onChoose, children }: Props<V>) {
  return (
    <Radix.Root
      value={value}
      onValueChange={(chosen) => {
        const tab = tabs.find((one) => one.value === chosen)
        if (tab) onChoose(tab.value)
      }}
    >
      <Radix.List aria-label={label} className="flex gap-1 overflow-x-auto border-b border-line px-2">
        {tabs.map((tab) => (
          <Radix.Trigger
            key={tab.value}
            value={tab.value}
            className="relative h-control shrink-0 border-b-2 border-transparent px-2.5 py-1 font-medium text-mid hover:text-high focus-visible:-outline-offset-2 data-[state=active]:border-accent data-[state=active]:text-high"
          >
            {tab.label}
            {tab.marked ? (
              <span className="ml-1.5 inline-block size-1.5 -translate-y-0.5 rounded-full bg-event">
                <span className="sr-only">{markLabel}</span>
              </span>
            ) : null}
          </Radix.Trigger>
        ))}
      </Radix.List>
      <Radix.Content value={value} tabIndex={-1} className="outline-none">
        {children}
      </Radix.Content>
    </Radix.Root>
  )
}
