/** What is known about a camera by measuring: state, streams, losses, clock. */
import type { CameraStatus, CameraView, StreamFacts as Facts } from '@vedette/shared/camera.ts'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { formatNumber } from '../i18n/format.ts'
import { Badge } from '../ui/badge.tsx'
import { CameraState } from './camera-state.tsx'
import { StreamFacts } from './stream-facts.tsx'

export function CameraFacts({ camera }: { camera: CameraView }) {
  const { t } = useTranslation()
  const { status } = camera
  return (
    <div className="flex flex-col gap-3 p-4 lg:px-0">
      <div className="flex flex-wrap items-start gap-2">
        <div className="min-w-0 flex-1">
          <CameraState status={status} />
        </div>
        {status.recording ? (
          <Badge tone="danger">
            <span aria-hidden className="size-2 rounded-full bg-danger" />
            {t('cameras.recording')}
          </Badge>
        ) : null}
        {status.motion ? <Badge tone="event">{t('cameras.moving')}</Badge> : null}
      </div>
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1">
        {status.main ? <Fact name={t('cameras.facts.main')}>{stream(status.main)}</Fact> : null}
        {status.sub ? <Fact name={t('cameras.facts.sub')}>{stream(status.sub)}</Fact> : null}
        {status.main ? <Fact name={t('cameras.facts.lost')}>{losses(status.main)}</Fact> : null}
        <Fact name={t('cameras.facts.clock')}>{clock(status)}</Fact>
      </dl>
    </div>
  )

  function stream(facts: Facts) {
    return <StreamFacts facts={facts} />
  }
  function losses(facts: Facts): string {
    return facts.packetsLost === 0 && facts.framesDropped === 0
      ? t('cameras.facts.nothingLost')
      : t('cameras.facts.losses', {
          packets: formatNumber(facts.packetsLost),
          frames: formatNumber(facts.framesDropped),
        })
  }
  function clock({ clockOffsetMs }: CameraStatus): string {
    if (clockOffsetMs === null) return t('cameras.facts.noClock')
    const seconds = formatNumber(Math.abs(clockOffsetMs) / 1000, 1)
    if (Math.abs(clockOffsetMs) < 1000) return t('cameras.facts.clockRight')
    return t(clockOffsetMs > 0 ? 'cameras.facts.clockAhead' : 'cameras.facts.clockBehind', { seconds })
  }
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-low">{name}</dt>
      <dd className="min-w-0 text-mid">{children}</dd>
    </>
  )
}
