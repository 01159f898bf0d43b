/** A cached answer on a page: its loading and error state, then its content. */
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../api/http.ts'
import { errorSentence } from '../i18n/error-sentence.ts'
import { Button } from '../ui/button.tsx'
import { Failed, Loading } from '../ui/states.tsx'

interface Props<T> {
  query: UseQueryResult<T>
  rows?: number
  children: (data: T) => ReactNode
}

/** Keeps showing what it has when asking again fails: the shell's banner tells about a lost connection. */
export function QueryView<T>({ query, rows = 4, children }: Props<T>) {
  const { t } = useTranslation()
  if (query.data !== undefined) return children(query.data)
  if (query.isPending) return <Loading label={t('common.loading')} rows={rows} />
  const requestId = query.error instanceof ApiError ? query.error.requestId : undefined
  return (
    <Failed
      title={t('common.error.title')}
      action={<Button onClick={() => void query.refetch()}>{t('common.retry')}</Button>}
    >
      {errorSentence(query.error, t)}
      {requestId ? (
        <span className="mt-1 block text-xs text-low">{t('common.error.request', { id: requestId })}</span>
      ) : null}
    </Failed>
  )
}
