/** One kind of second factor: what it is, whether it is on, what can be done, and what belongs to it. */
import type { ReactNode } from 'react'

interface Props {
  title: string
  mark?: ReactNode
  hint: string
  actions: ReactNode
  children?: ReactNode
}

export function FactorRow({ title, mark, hint, actions, children }: Props) {
  return (
    <div className="border-t border-line py-3">
      <div className="flex flex-wrap items-start gap-x-3 gap-y-2">
        <div className="min-w-0 flex-1 basis-64">
          <h3 className="flex flex-wrap items-center gap-2 text-sm">
            {title}
            {mark}
          </h3>
          <p className="max-w-prose text-mid">{hint}</p>
        </div>
        <div className="flex flex-wrap gap-2">{actions}</div>
      </div>
      {children}
    </div>
  )
}
