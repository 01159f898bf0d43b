/** The audit log: who did what when. For administrators. */
import '../i18n/english-later.ts'
import { useInfiniteQuery, useMutation } from '@tanstack/react-query'
import { Download, ScrollText } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type AuditFilter, exportAudit, listAudit } from '../api/audit.ts'
import { keys } from '../api/keys.ts'
import { errorSentence } from '../i18n/error-sentence.ts'
import { Button } from '../ui/button.tsx'
import { Page } from '../ui/page.tsx'
import { saveFile } from '../ui/save-file.ts'
import { Empty, Failed, Loading } from '../ui/states.tsx'
import { tell } from '../ui/toast.tsx'
import { AuditFilters } from './audit-filters.tsx'
import { AuditTable } from './audit-table.tsx'
import { VerifyButton } from './verify-button.tsx'

export function AuditPage() {
  const { t } = useTranslation()
  const [filter, setFilter] = useState<AuditFilter>({})
  const log = useInfiniteQuery({
    queryKey: [...keys.audit, filter],
    queryFn: ({ pageParam, signal }) => listAudit(filter, pageParam, signal),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.nextBeforeSeq,
  })
  const saving = useMutation({
    mutationFn: exportAudit,
    onSuccess: (file) => saveFile('vedette-audit.ndjson', file),
    onError: (error) => tell(errorSentence(error, t), { danger: true }),
  })
  const entries = log.data?.pages.flatMap((page) => page.entries) ?? []
  return (
    <Page
      title={t('shell.place.audit')}
      narrow
      actions={
        <>
          <VerifyButton />
          <Button busy={saving.isPending} onClick={() => saving.mutate()}>
            <Download />
            {t('audit.export')}
          </Button>
        </>
      }
    >
      <AuditFilters value={filter} onChange={setFilter} />
      {log.isPending ? <Loading label={t('common.loading')} rows={8} /> : null}
      {log.isError && entries.length === 0 ? (
        <Failed
          title={t('common.error.title')}
          action={<Button onClick={() => void log.refetch()}>{t('common.retry')}</Button>}
        >
          {errorSentence(log.error, t)}
        </Failed>
      ) : null}
      {log.isSuccess && entries.length === 0 ? <Empty icon={<ScrollText />} title={t('audit.empty')} /> : null}
      {entries.length > 0 ? <AuditTable entries={entries} /> : null}
      {log.hasNextPage ? (
        <Button className="m-4 self-start" busy={log.isFetchingNextPage} onClick={() => void log.fetchNextPage()}>
          {t('audit.more')}
        </Button>
      ) : null}
    </Page>
  )
}
