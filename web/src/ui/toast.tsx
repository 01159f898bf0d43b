/** Short news at the page's foot, with at most one action ("Undo"). Gone after 6 s, 12 s with an action. */
import { X } from 'lucide-react'
import { useSyncExternalStore } from 'react'
import { Button, IconButton } from './button.tsx'
import { cx } from './cx.ts'

interface Toast {
  readonly key: number
  readonly text: string
  readonly danger: boolean
  readonly action: { readonly label: string; readonly run: () => void } | undefined
}

const most = 3
let toasts: readonly Toast[] = []
let nextKey = 1
const listeners = new Set<() => void>()

function setToasts(next: readonly Toast[]): void {
  toasts = next
  for (const listener of listeners) listener()
}

const dismiss = (key: number) => setToasts(toasts.filter((toast) => toast.key !== key))

/** Tells something; older news make room when there are more than three. */
export function tell(text: string, options: { danger?: boolean; action?: Toast['action'] } = {}): void {
  const key = nextKey++
  const others = toasts.filter((toast) => toast.text !== text)
  setToasts([...others.slice(-(most - 1)), { key, text, danger: options.danger ?? false, action: options.action }])
  setTimeout(() => dismiss(key), options.action || options.danger ? 12_000 : 6000)
}

export function Toasts({ dismissLabel }: { dismissLabel: string }) {
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => toasts,
  )
  return (
    <div
      role="status"
      className="pointer-events-none fixed inset-x-0 bottom-[calc(16px+var(--bottom-bar,0px))] z-40 flex flex-col items-center gap-2 px-4"
    >
      {shown.map(({ key, text, danger, action }) => (
        <div
          key={key}
          className={cx(
            'pointer-events-auto flex max-w-full items-center gap-2 rounded-md border bg-surface-2 py-1 pr-1 pl-3 text-sm',
            danger ? 'border-danger' : 'border-edge/60',
          )}
        >
          <span className="min-w-0 py-1.5">{text}</span>
          {action ? (
            <Button
              look="quiet"
              className="text-accent"
              onClick={() => {
                dismiss(key)
                action.run()
              }}
            >
              {action.label}
            </Button>
          ) : null}
          <IconButton label={dismissLabel} onClick={() => dismiss(key)}>
            <X />
          </IconButton>
        </div>
      ))}
    </div>
  )
}
