/** What stands over a live picture: the name, recording and motion, how late it is and by which way it came. */
import type { CameraView } from '@vedette/shared/camera.ts'
import { useTranslation } from 'react-i18next'
import { formatNumber } from '../i18n/format.ts'
import { PictureBadge } from '../ui/badge.tsx'
import { cx } from '../ui/cx.ts'
import type { LivePictureState } from './live-picture.ts'

interface Props {
  camera: CameraView
  picture: LivePictureState
  /** Something is wrong, so the facts are shown without asking. */
  hasTrouble: boolean
}

const onDemand =
  'opacity-0 transition-opacity group-hover/tile:opacity-100 group-focus-within/tile:opacity-100 pointer-coarse:opacity-100'
/** Later than this is worth telling unasked. */
const slowMs = 2000

export function TileStatus({ camera, picture, hasTrouble }: Props) {
  const { t } = useTranslation()
  const { recording, motion } = camera.status
  const isSlow = (picture.latency?.p95Ms ?? 0) > slowMs && picture.transport !== 'jpeg'
  const isFallback = picture.reason !== null && picture.reason !== 'forced'
  return (
    <div className="pointer-events-none absolute inset-x-2 top-2 flex flex-wrap items-start gap-1">
      <PictureBadge className="max-w-[60%]">
        <span className="truncate">{camera.name}</span>
      </PictureBadge>
      <span className="flex-1" />
      {motion ? (
        <PictureBadge>
          <span aria-hidden className="size-2 rotate-45 bg-event" />
          {t('live.motion')}
        </PictureBadge>
      ) : null}
      {picture.picture === 'live' && !hasTrouble ? (
        <PictureBadge className={cx(!isSlow && !isFallback && onDemand)}>
          <LatencyWords picture={picture} />
        </PictureBadge>
      ) : null}
      {recording ? (
        <PictureBadge>
          <span aria-hidden className="size-2 rounded-full bg-danger" />
          {t('live.recording')}
        </PictureBadge>
      ) : null}
    </div>
  )
}

function LatencyWords({ picture }: { picture: LivePictureState }) {
  const { t } = useTranslation()
  const { latency, transport, fps } = picture
  const seconds = (ms: number) => formatNumber(ms / 1000, 2)
  const way = t(`live.transport.${transport}`)
  if (!latency) return <span data-latency="">{way}</span>
  return (
    <span
      data-latency={Math.round(latency.p50Ms)}
      title={t('live.latencyExact', { p50: seconds(latency.p50Ms), p95: seconds(latency.p95Ms), fps, way })}
    >
      {t('live.latency', { seconds: seconds(latency.p50Ms), way })}
    </span>
  )
}
