/** What Vedette writes about itself. For administrators. */
import '../i18n/english-later.ts'
import { useMutation } from '@tanstack/react-query'
import { Download, Terminal } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { downloadLog, type LogFilter } from '../api/logs.ts'
import { errorSentence } from '../i18n/error-sentence.ts'
import { Button } from '../ui/button.tsx'
import { Page } from '../ui/page.tsx'
import { saveFile } from '../ui/save-file.ts'
import { Empty, Failed, Loading, Note } from '../ui/states.tsx'
import { Switch } from '../ui/switch.tsx'
import { tell } from '../ui/toast.tsx'
import { LogFilters } from './log-filters.tsx'
import { LogList } from './log-list.tsx'
import { useLog } from './use-log.ts'

export function LogPage() {
  const { t } = useTranslation()
  const [filter, setFilter] = useState<LogFilter>({})
  const [isFollowing, setIsFollowing] = useState(true)
  const { pages, records, hasFailed } = useLog(filter, isFollowing)
  const saving = useMutation({
    mutationFn: downloadLog,
    onSuccess: (file) => saveFile('vedette-log.ndjson', file),
    onError: (error) => tell(errorSentence(error, t), { danger: true }),
  })
  const isNarrow = Object.values(filter).some((part) => part !== undefined)
  return (
    <Page
      title={t('shell.place.logs')}
      narrow
      actions={
        <>
          <Switch label={t('logs.follow')} checked={isFollowing} onChange={setIsFollowing} />
          <Button title={t('logs.downloadHint')} busy={saving.isPending} onClick={() => saving.mutate()}>
            <Download />
            {t('logs.download')}
          </Button>
        </>
      }
    >
      <LogFilters value={filter} onChange={setFilter} />
      {hasFailed ? <Note tone="event">{t('logs.notFollowing')}</Note> : null}
      {pages.isPending ? <Loading label={t('common.loading')} rows={10} /> : null}
      {pages.isError && records.length === 0 ? (
        <Failed
          title={t('common.error.title')}
          action={<Button onClick={() => void pages.refetch()}>{t('common.retry')}</Button>}
        >
          {errorSentence(pages.error, t)}
        </Failed>
      ) : null}
      {pages.isSuccess && records.length === 0 ? (
        <Empty icon={<Terminal />} title={t(isNarrow ? 'logs.nothingLikeThis' : 'logs.empty')}>
          {pages.hasNextPage ? t('logs.notAllRead') : null}
        </Empty>
      ) : null}
      {records.length > 0 ? <LogList records={records} /> : null}
      {pages.hasNextPage ? (
        <Button className="m-4 self-start" busy={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
          {t('logs.more')}
        </Button>
      ) : null}
    </Page>
  )
}
