/** What a list or page shows while it has nothing to show: nothing yet, not there, went wrong. */
import { CircleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { cx } from './cx.ts'

interface EmptyProps {
  title: ReactNode
  children?: ReactNode
  /** What to do about it. */
  action?: ReactNode
  icon?: ReactNode
}

export function Empty({ title, children, action, icon }: EmptyProps) {
  return (
    <div className="mx-auto flex max-w-md flex-col items-center gap-2 px-4 py-16 text-center">
      {icon ? <div className="mb-1 text-low [&_svg]:size-6">{icon}</div> : null}
      <p className="text-base font-medium">{title}</p>
      {children ? <p className="text-mid">{children}</p> : null}
      {action ? <div className="mt-3 flex flex-wrap justify-center gap-2">{action}</div> : null}
    </div>
  )
}

export function Failed({ title, children, action }: Omit<EmptyProps, 'icon'>) {
  return (
    <div role="alert">
      <Empty title={title} action={action} icon={<CircleAlert className="text-danger" />}>
        {children}
      </Empty>
    </div>
  )
}

/** Grey bars where the content will be. They appear late, so that quick answers do not flicker. */
export function Loading({ label, rows = 4 }: { label: string; rows?: number }) {
  return (
    <div
      role="status"
      aria-label={label}
      className="flex flex-col gap-3 p-4 opacity-0 [animation:appear_150ms_300ms_forwards]"
    >
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the bars have no identity.
        <div key={row} className={cx('h-8 rounded-sm bg-surface-2', row % 2 === 1 && 'w-2/3')} />
      ))}
    </div>
  )
}

type Tone = 'good' | 'event' | 'danger' | 'low'
const tones: Record<Tone, string> = {
  good: 'border-good bg-surface-1 text-good',
  event: 'border-event bg-surface-1 text-event',
  danger: 'border-danger bg-surface-1 text-danger-text',
  low: 'border-edge bg-surface-1 text-mid',
}

/** A sentence that belongs to what stands around it: a warning above a form, a refusal below a field. */
export function Note({ tone = 'low', children, icon }: { tone?: Tone; children: ReactNode; icon?: ReactNode }) {
  return (
    <div
      role={tone === 'danger' ? 'alert' : undefined}
      className={cx(
        'flex gap-2 border-l-2 px-3 py-2 text-sm [&_svg]:mt-0.5 [&_svg]:size-4 [&_svg]:shrink-0',
        tones[tone],
      )}
    >
      {icon}
      <div className="min-w-0 text-high">{children}</div>
    </div>
  )
}
