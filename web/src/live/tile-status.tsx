/** What stands over a live picture: the name, recording and motion, how late it is and by which way it came. */
import type { CameraView } from '@vedette/shared/camera.ts'
import { useTranslation } from 'react-i18next'
import { formatNumber } from '../i18n/format.ts'
import { useNow } from '../i18n/use-now.ts'
import { clockLength } from '../timeline/exact-time.ts'
import { PictureBadge } from '../ui/badge.tsx'
import { cx } from '../ui/cx.ts'
import type { LivePictureState } from './live-picture.ts'

interface Props {
  camera: CameraView
  picture: LivePictureState
  isLarge: boolean
  /** Something is wrong, and said elsewhere. */
  hasTrouble: boolean
}

const onDemand = 'opacity-0 transition-opacity group-hover/tile:opacity-100 group-focus-within/tile:opacity-100'
/** Later than this is worth telling unasked. */
const slowMs = 2000

export function TileStatus({ camera, picture, isLarge, hasTrouble }: Props) {
  const { recording, motion, state, byHandUntilMs } = camera.status
  // A camera that is away neither records nor sees anything move, whatever it did last.
  const isUp = state === 'online'
  const isSlow = (picture.latency?.p95Ms ?? 0) > slowMs && picture.transport !== 'jpeg'
  const isFallback = picture.reason !== null && picture.reason !== 'forced'
  const isUnasked = isSlow || isFallback
  return (
    <div className="pointer-events-none absolute inset-x-2 top-2 flex items-start gap-1">
      <PictureBadge className="min-w-0 shrink">
        <span className="truncate">{camera.name}</span>
      </PictureBadge>
      {picture.picture === 'live' && !hasTrouble ? (
        <PictureBadge
          // A finger cannot hover: there the large tile tells.
          className={cx(
            '@max-[280px]:hidden',
            !isUnasked && onDemand,
            !isUnasked && isLarge && 'pointer-coarse:opacity-100',
          )}
        >
          <LatencyWords picture={picture} />
        </PictureBadge>
      ) : null}
      <span className="flex-1" />
      {isUp && motion ? <Mark shape="rotate-45 bg-mark-event" name="motion" /> : null}
      {isUp && recording ? <Mark shape="rounded-full bg-mark-danger" name="recording" /> : null}
      {byHandUntilMs === null ? null : <ByHand untilMs={byHandUntilMs} />}
    </div>
  )
}

/** How long somebody's recording by hand still lasts. */
function ByHand({ untilMs }: { untilMs: number }) {
  const { t } = useTranslation()
  const leftMs = untilMs - useNow()
  if (leftMs <= 0) return null
  return (
    <PictureBadge className="shrink-0">
      <span data-by-hand="">
        <span className="@max-[320px]:sr-only">{t('live.byHand.word')} </span>
        {clockLength(leftMs)}
      </span>
    </PictureBadge>
  )
}

/** A shape and a word; on a small tile the shape alone is seen, the word still heard. */
function Mark({ shape, name }: { shape: string; name: 'motion' | 'recording' }) {
  const { t } = useTranslation()
  return (
    <PictureBadge className="shrink-0">
      <span aria-hidden className={cx('size-2', shape)} />
      <span className="@max-[240px]:sr-only">{t(`live.${name}`)}</span>
    </PictureBadge>
  )
}

function LatencyWords({ picture }: { picture: LivePictureState }) {
  const { t } = useTranslation()
  const { latency, transport, fps, droppedFrames } = picture
  const seconds = (ms: number) => formatNumber(ms / 1000, 2)
  const way = t(`live.transport.${transport}`)
  if (!latency) return <span data-latency="">{way}</span>
  return (
    <span
      data-latency={Math.round(latency.p50Ms)}
      title={[
        t('live.latencyExact', { p50: seconds(latency.p50Ms), p95: seconds(latency.p95Ms), fps, way }),
        droppedFrames > 0 ? t('live.dropped', { count: droppedFrames }) : '',
      ].join(' ')}
    >
      {t('live.latency', { seconds: seconds(latency.p50Ms), way })}
    </span>
  )
}
