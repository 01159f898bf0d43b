/** What each camera holds on a volume. */
import { Link } from '@tanstack/react-router'
import type { VolumeView } from '@vedette/shared/storage.ts'
import { useTranslation } from 'react-i18next'
import { useCameras } from '../api/queries.ts'
import { formatAgo, formatBytes, formatDateTime } from '../i18n/format.ts'
import { useNow } from '../i18n/use-now.ts'
import { type Column, Table } from '../ui/table.tsx'

type Share = VolumeView['cameras'][number]

export function VolumeCameras({ volume }: { volume: VolumeView }) {
  const { t } = useTranslation()
  const nowMs = useNow(60_000)
  const cameras = useCameras()
  const isThere = (id: string) => cameras.data?.some((camera) => camera.id === id) ?? false
  if (volume.cameras.length === 0) return <p className="text-mid">{t('storage.noFootage')}</p>
  const columns: readonly Column<Share>[] = [
    {
      key: 'name',
      header: t('storage.column.camera'),
      phone: 'title',
      cell: (share) =>
        isThere(share.cameraId) ? (
          <Link
            to="/cameras/$cameraId"
            params={{ cameraId: share.cameraId }}
            search={{ section: 'recording' }}
            className="font-medium hover:underline"
          >
            {share.name}
          </Link>
        ) : (
          <span>
            {share.name} <span className="text-low">{t('storage.deletedCamera')}</span>
          </span>
        ),
    },
    { key: 'size', header: t('storage.column.size'), end: true, cell: (share) => formatBytes(share.footageBytes) },
    {
      key: 'perDay',
      header: t('storage.column.perDay'),
      end: true,
      cell: (share) => (share.bytesPerDay > 0 ? formatBytes(share.bytesPerDay) : '–'),
    },
    {
      key: 'oldest',
      header: t('storage.column.oldest'),
      end: true,
      cell: ({ oldestMs }) =>
        oldestMs === null ? '–' : <span title={formatDateTime(oldestMs)}>{formatAgo(oldestMs, nowMs)}</span>,
    },
    {
      key: 'keep',
      header: t('storage.column.keep'),
      end: true,
      cell: ({ keepDays }) =>
        keepDays === null ? t('storage.keepUntilNeeded') : t('storage.keepDays', { count: keepDays }),
    },
  ]
  return (
    <div className="-mx-4">
      <Table
        label={t('storage.camerasOf', { name: volume.name })}
        columns={columns}
        rows={volume.cameras.toSorted((a, b) => b.footageBytes - a.footageBytes)}
        rowKey={(share) => share.cameraId}
      />
    </div>
  )
}
