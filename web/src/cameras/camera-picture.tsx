/** A camera's picture in a list or beside its settings, with words where there is none. */
import type { CameraView } from '@vedette/shared/camera.ts'
import { VideoOff } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { cx } from '../ui/cx.ts'
import { usePicture } from './use-picture.ts'

interface Props {
  camera: CameraView
  everyMs: number
  className?: string
}

export function CameraPicture({ camera, everyMs, className }: Props) {
  const { t } = useTranslation()
  const url = usePicture(camera.id, everyMs, camera.enabled && camera.rights.includes('view'))
  return (
    <div className={cx('relative aspect-video overflow-hidden bg-surface-2', className)}>
      {url ? (
        <img
          src={url}
          alt={t('cameras.pictureOf', { name: camera.name })}
          className={cx('size-full object-contain', camera.status.state !== 'online' && 'opacity-50')}
        />
      ) : (
        <VideoOff role="img" aria-label={t('cameras.noPicture')} className="absolute inset-0 m-auto size-5 text-low" />
      )}
    </div>
  )
}
