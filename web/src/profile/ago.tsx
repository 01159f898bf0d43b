/** When something was used last: relative while it is near, exact on hover. */
import { useTranslation } from 'react-i18next'
import { formatAgo, formatDate, formatDateTime } from '../i18n/format.ts'
import { useNow } from '../i18n/use-now.ts'

const nearMs = 7 * 86_400_000

export function Ago({ ms, as = 'bare' }: { ms: number; as?: 'bare' | 'used' }) {
  const { t } = useTranslation()
  const nowMs = useNow(30_000)
  const when = nowMs - ms < nearMs ? formatAgo(Math.min(ms, nowMs), nowMs) : formatDate(ms)
  return <time title={formatDateTime(ms)}>{as === 'used' ? t('profile.used', { when }) : when}</time>
}
