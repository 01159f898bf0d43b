/** What was deleted, when, and by which rule; newest first, more on request. */
import { useInfiniteQuery } from '@tanstack/react-query'
import type { receiptView } from '@vedette/shared/storage.ts'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import { keys } from '../api/keys.ts'
import { listReceipts } from '../api/volumes.ts'
import { errorSentence } from '../i18n/error-sentence.ts'
import { formatBytes, formatDateTime, formatNumber } from '../i18n/format.ts'
import { Button } from '../ui/button.tsx'
import { Section } from '../ui/page.tsx'
import { Loading, Note } from '../ui/states.tsx'
import { type Column, Table } from '../ui/table.tsx'

type Receipt = z.infer<typeof receiptView>

export function Receipts() {
  const { t } = useTranslation()
  const receipts = useInfiniteQuery({
    queryKey: keys.receipts,
    queryFn: ({ pageParam, signal }) => listReceipts(pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  })
  const rows = receipts.data?.pages.flatMap((page) => page.receipts) ?? []
  return (
    <Section title={t('storage.receipts.title')} hint={t('storage.receipts.hint')}>
      {receipts.isPending ? <Loading label={t('common.loading')} rows={2} /> : null}
      {receipts.isError ? <Note tone="danger">{errorSentence(receipts.error, t)}</Note> : null}
      {receipts.isSuccess && rows.length === 0 ? <p className="text-mid">{t('storage.receipts.none')}</p> : null}
      {rows.length > 0 ? (
        <div className="-mx-4">
          <ReceiptTable rows={rows} />
        </div>
      ) : null}
      {receipts.hasNextPage ? (
        <Button className="mt-3" busy={receipts.isFetchingNextPage} onClick={() => void receipts.fetchNextPage()}>
          {t('storage.receipts.more')}
        </Button>
      ) : null}
    </Section>
  )
}

function ReceiptTable({ rows }: { rows: readonly Receipt[] }) {
  const { t } = useTranslation()
  const columns: readonly Column<Receipt>[] = [
    {
      key: 'at',
      header: t('storage.receipts.at'),
      phone: 'title',
      className: 'whitespace-nowrap',
      cell: ({ atMs }) => formatDateTime(atMs),
    },
    { key: 'camera', header: t('storage.column.camera'), cell: ({ cameraName }) => cameraName },
    {
      key: 'span',
      header: t('storage.receipts.span'),
      cell: ({ startMs, endMs }) => `${formatDateTime(startMs)} – ${formatDateTime(endMs)}`,
    },
    { key: 'files', header: t('storage.receipts.files'), end: true, cell: ({ segments }) => formatNumber(segments) },
    { key: 'size', header: t('storage.column.size'), end: true, cell: ({ sizeBytes }) => formatBytes(sizeBytes) },
    { key: 'rule', header: t('storage.receipts.rule'), cell: ({ rule }) => t(`storage.receipts.by.${rule}`) },
  ]
  return <Table label={t('storage.receipts.title')} columns={columns} rows={rows} rowKey={({ id }) => id} />
}
