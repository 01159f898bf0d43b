/** A person's picture in a circle, or the first letter of the name where there is none. Says nothing: the name stands beside it. */
import { cx } from './cx.ts'

interface Props {
  name: string
  /** Null: none. */
  src: string | null
  className?: string
}

export function Avatar({ name, src, className }: Props) {
  const shape = cx('size-8 shrink-0 rounded-full', className)
  if (src) return <img src={src} alt="" className={cx(shape, 'object-cover')} />
  return (
    <span aria-hidden="true" className={cx(shape, 'grid place-items-center bg-surface-2 text-sm font-medium text-mid')}>
      {[...name][0]?.toUpperCase() ?? ''}
    </span>
  )
}
