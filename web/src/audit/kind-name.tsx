/** What an entry tells, in words; refusals carry a mark, and sign-ins from somewhere new. */
import { useTranslation } from 'react-i18next'
import { Badge } from '../ui/badge.tsx'
import { isRefusal, knownKindKey } from './audit-kind.ts'

export function KindName({ kind, isNews = false }: { kind: string; isNews?: boolean }) {
  const { t } = useTranslation()
  const key = knownKindKey(kind)
  return (
    <span className="inline-flex flex-wrap items-center gap-2">
      {key ? t(`audit.kind.${key}`) : kind}
      {isRefusal(kind) ? <Badge tone="event">{t('audit.refused')}</Badge> : null}
      {isNews ? <Badge tone="event">{t('audit.newPlace')}</Badge> : null}
    </span>
  )
}
