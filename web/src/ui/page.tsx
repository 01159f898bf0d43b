/** The frame of a page that is read rather than watched: title, actions, content. */
import type { ReactNode } from 'react'
import { cx } from './cx.ts'
import { useTitle } from './use-title.ts'

interface PageProps {
  title: string
  /** Stands before the title, e.g. the way back. */
  before?: ReactNode
  actions?: ReactNode
  /** Not wider than tables can be read. */
  narrow?: boolean
  children: ReactNode
}

export function Page({ title, before, actions, narrow = false, children }: PageProps) {
  useTitle(title)
  return (
    <div className="flex min-h-full flex-col">
      <header className="sticky top-0 z-20 flex min-h-14 flex-wrap items-center gap-x-3 gap-y-2 border-b border-line bg-surface-0 px-4 py-2">
        {/* A long title lets the actions go to a line of their own before it is cut. */}
        <div className="flex max-w-full min-w-0 flex-auto items-center gap-3">
          {before}
          <h1 className="min-w-0 truncate text-lg">{title}</h1>
        </div>
        {actions ? <div className="flex flex-wrap items-center gap-2">{actions}</div> : null}
      </header>
      <div className={cx('flex min-w-0 flex-1 flex-col', narrow && 'max-w-[1600px]')}>{children}</div>
    </div>
  )
}

/** A part of a page with a heading; parts are divided by lines, not boxed. */
export function Section({
  title,
  hint,
  children,
  actions,
}: {
  title: ReactNode
  hint?: ReactNode
  children: ReactNode
  actions?: ReactNode
}) {
  return (
    <section className="border-b border-line px-4 py-5 last:border-0">
      <div className="mb-3 flex flex-wrap items-start gap-x-3 gap-y-1">
        <div className="min-w-0 flex-1">
          <h2 className="text-base">{title}</h2>
          {hint ? <p className="max-w-prose text-mid">{hint}</p> : null}
        </div>
        {actions}
      </div>
      {children}
    </section>
  )
}
