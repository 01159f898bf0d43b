/** Says that the server cannot be heard, for as long as that lasts, and that it is back. */
import { WifiOff } from 'lucide-react'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { onUpdate, useConnection } from '../api/updates.ts'
import { formatAgo } from '../i18n/format.ts'
import { useNow } from '../i18n/use-now.ts'
import { tell } from '../ui/toast.tsx'

export function ConnectionBanner() {
  const { t } = useTranslation()
  const connection = useConnection()
  useEffect(() => onUpdate((heard) => heard.kind === 'reconnected' && tell(t('shell.backAgain'))), [t])
  return <div role="status">{connection.state === 'lost' ? <Lost sinceMs={connection.sinceMs} /> : null}</div>
}

function Lost({ sinceMs }: { sinceMs: number }) {
  const { t } = useTranslation()
  const nowMs = useNow()
  return (
    <div className="flex items-center gap-2 border-b border-event bg-surface-2 px-4 py-2 text-sm">
      <WifiOff aria-hidden className="size-4 shrink-0 text-event" />
      <p className="min-w-0">
        <span className="font-medium">{t('shell.lost', { ago: formatAgo(sinceMs, nowMs) })}</span>{' '}
        <span className="text-mid">{t('shell.lostExplained')}</span>
      </p>
    </div>
  )
}
