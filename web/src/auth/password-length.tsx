/** How far a new password has come. Length is the only rule (R2); the server also knows the common ones. */
import { useTranslation } from 'react-i18next'
import { cx } from '../ui/cx.ts'

export const leastLength = 12
const strongLength = 20

export function PasswordLength({ password }: { password: string }) {
  const { t } = useTranslation()
  const missing = leastLength - password.length
  const bars = [4, 8, leastLength, strongLength].map((length) => ({ length, filled: password.length >= length }))
  return (
    <span className="flex flex-col gap-1 pt-1">
      <span aria-hidden className="flex gap-1">
        {bars.map(({ length, filled }) => (
          <span
            key={length}
            className={cx('h-1 flex-1 rounded-full', filled ? (missing > 0 ? 'bg-event' : 'bg-good') : 'bg-surface-2')}
          />
        ))}
      </span>
      <span>{sentence()}</span>
    </span>
  )

  function sentence(): string {
    if (missing > 0) return t('auth.password.tooShort', { count: missing })
    return t(password.length >= strongLength ? 'auth.password.strong' : 'auth.password.long')
  }
}
