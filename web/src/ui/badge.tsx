/** Small marks beside a name: a dot with a shape of its own per tone, a word in a frame, a bar of shares. */
import type { ReactNode } from 'react'
import { cx } from './cx.ts'

export type Tone = 'good' | 'event' | 'danger' | 'low' | 'known'

const dots: Record<Tone, string> = {
  good: 'rounded-full bg-good',
  // Not by colour alone: a diamond, a square and a ring.
  event: 'rotate-45 bg-event',
  danger: 'bg-danger',
  known: 'rounded-full bg-known',
  low: 'rounded-full border-2 border-low',
}

/** Beside words only; it is hidden from screen readers. */
export function StateDot({ tone }: { tone: Tone }) {
  return <span aria-hidden className={cx('inline-block size-2 shrink-0', dots[tone])} />
}

const words: Record<Tone, string> = {
  good: 'text-good',
  event: 'text-event',
  danger: 'text-danger-text',
  known: 'text-known',
  low: 'text-mid',
}

export function Badge({ tone = 'low', children }: { tone?: Tone; children: ReactNode }) {
  return (
    <span
      className={cx(
        'inline-flex h-5 items-center gap-1 rounded-sm border border-line px-1.5 text-xs font-medium whitespace-nowrap',
        words[tone],
      )}
    >
      {children}
    </span>
  )
}

/** A word over a picture. */
export function PictureBadge({ children, className }: { children: ReactNode; className?: string }) {
  return (
    <span
      className={cx(
        'inline-flex h-5 items-center gap-1 rounded-sm bg-scrim px-1.5 text-xs font-medium whitespace-nowrap text-on-scrim',
        className,
      )}
    >
      {children}
    </span>
  )
}
