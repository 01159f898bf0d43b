/** A camera's picture in a list or beside its settings, with words where there is none. Asks only while it can be seen. */
import type { CameraView } from '@vedette/shared/camera.ts'
import { VideoOff } from 'lucide-react'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { cx } from '../ui/cx.ts'
import { useInSight } from '../ui/use-in-sight.ts'
import { usePicture } from './use-picture.ts'

interface Props {
  camera: CameraView
  everyMs: number
  maxWidth: number
  className?: string
}

export function CameraPicture({ camera, everyMs, maxWidth, className }: Props) {
  const { t } = useTranslation()
  const box = useRef<HTMLDivElement>(null)
  const isInSight = useInSight(box)
  const isOnline = camera.status.state === 'online'
  const url = usePicture(camera.id, {
    hasSub: camera.hasSub,
    maxWidth,
    everyMs,
    isWanted: isInSight && isOnline && camera.rights.includes('view'),
  })
  return (
    <div ref={box} className={cx('relative aspect-video overflow-hidden bg-surface-2', className)}>
      {url ? (
        <img
          src={url}
          alt={t('cameras.pictureOf', { name: camera.name })}
          className={cx('size-full object-contain', !isOnline && 'opacity-50')}
        />
      ) : (
        <VideoOff role="img" aria-label={t('cameras.noPicture')} className="absolute inset-0 m-auto size-5 text-low" />
      )}
    </div>
  )
}
