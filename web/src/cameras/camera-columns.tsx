/** The columns of the list of cameras. */
import { Link } from '@tanstack/react-router'
import type { CameraView } from '@vedette/shared/camera.ts'
import { useTranslation } from 'react-i18next'
import { Badge } from '../ui/badge.tsx'
import { DragHandle } from '../ui/drag-handle.tsx'
import type { Column } from '../ui/table.tsx'
import { CameraMenu } from './camera-menu.tsx'
import { CameraPicture } from './camera-picture.tsx'
import { CameraState } from './camera-state.tsx'
import { StreamFacts } from './stream-facts.tsx'
import { useMoveCamera } from './use-change-camera.ts'

export function useCameraColumns(cameras: readonly CameraView[], isAdmin: boolean): readonly Column<CameraView>[] {
  const { t } = useTranslation()
  const move = useMoveCamera()
  const columns: readonly Column<CameraView>[] = [
    {
      key: 'picture',
      header: <span className="sr-only">{t('cameras.column.picture')}</span>,
      phone: 'none',
      className: 'w-32',
      cell: (camera) => <CameraPicture camera={camera} everyMs={10_000} maxWidth={320} className="w-28 rounded-sm" />,
    },
    {
      key: 'name',
      header: t('cameras.column.name'),
      phone: 'bare',
      cell: (camera) => <Name camera={camera} cameras={cameras} />,
    },
    {
      key: 'state',
      header: t('cameras.column.state'),
      phone: 'bare',
      cell: (camera) => <CameraState status={camera.status} />,
    },
    {
      key: 'stream',
      header: t('cameras.column.stream'),
      phone: 'bare',
      cell: ({ status }) => (status.main ? <StreamFacts facts={status.main} /> : null),
    },
    {
      key: 'recording',
      header: t('cameras.column.recording'),
      phone: 'bare',
      className: 'max-md:hidden whitespace-nowrap',
      cell: (camera) => <Recording camera={camera} />,
    },
  ]
  if (!isAdmin) return columns
  const handle: Column<CameraView> = {
    key: 'order',
    header: <span className="sr-only">{t('cameras.column.order')}</span>,
    phone: 'none',
    className: 'w-0 pr-0! pl-1!',
    cell: (camera) => (
      <DragHandle
        label={t('cameras.moveHandle', { name: camera.name })}
        index={cameras.indexOf(camera)}
        count={cameras.length}
        onMove={(toIndex) => move(camera.id, toIndex)}
      />
    ),
  }
  const actions: Column<CameraView> = {
    key: 'actions',
    header: <span className="sr-only">{t('cameras.column.actions')}</span>,
    phone: 'none',
    end: true,
    cell: (camera) => <CameraMenu camera={camera} cameras={cameras} />,
  }
  return cameras.length > 1 ? [handle, ...columns, actions] : [...columns, actions]
}

function Name({ camera, cameras }: { camera: CameraView; cameras: readonly CameraView[] }) {
  return (
    <div className="flex items-start gap-3">
      <CameraPicture camera={camera} everyMs={10_000} maxWidth={320} className="w-28 shrink-0 rounded-sm md:hidden" />
      <div className="min-w-0 flex-1">
        {camera.settings ? (
          <Link
            to="/cameras/$cameraId"
            params={{ cameraId: camera.id }}
            className="font-medium break-words hover:underline max-md:text-base"
          >
            {camera.name}
          </Link>
        ) : (
          <span className="font-medium break-words max-md:text-base">{camera.name}</span>
        )}
        {camera.location ? <p className="text-xs text-low">{camera.location}</p> : null}
        <div className="mt-1 md:hidden">
          <Recording camera={camera} />
        </div>
      </div>
      {camera.settings ? (
        <div className="md:hidden">
          <CameraMenu camera={camera} cameras={cameras} />
        </div>
      ) : null}
    </div>
  )
}

function Recording({ camera }: { camera: CameraView }) {
  const { t } = useTranslation()
  if (!camera.enabled) return null
  if (camera.status.recording) {
    return (
      <Badge tone="danger">
        <span aria-hidden className="size-2 rounded-full bg-danger" />
        {t('cameras.recording')}
      </Badge>
    )
  }
  const mode = camera.settings?.mode
  if (mode === 'off') return <span className="text-low">{t('cameras.recordingOff')}</span>
  if (mode === 'event') return <span className="text-low">{t('cameras.recordingWaits')}</span>
  if (mode === 'scheduled') return <span className="text-low">{t('cameras.recordingScheduled')}</span>
  return <span className="text-low">{t('cameras.notRecording')}</span>
}
