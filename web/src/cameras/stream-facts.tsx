/** What a stream really is, measured, as one line of small facts. */
import type { StreamFacts as Facts } from '@vedette/shared/camera.ts'
import { Fragment } from 'react'
import { useTranslation } from 'react-i18next'
import { formatBitrate, formatNumber } from '../i18n/format.ts'
import { codecName } from './camera-words.ts'

interface Props {
  facts: Pick<Facts, 'codec' | 'width' | 'height'> & Partial<Facts>
}

export function StreamFacts({ facts }: Props) {
  const { t } = useTranslation()
  const { fps, kbitPerS, gopS, audioCodec } = facts
  const words = [
    codecName(facts.codec),
    facts.width > 0 && `${facts.width} × ${facts.height}`,
    fps && t('cameras.facts.fps', { fps: formatNumber(fps, 1) }),
    kbitPerS && formatBitrate(kbitPerS),
    gopS && t('cameras.facts.gop', { seconds: formatNumber(gopS, 1) }),
    audioCodec && t('cameras.facts.audio', { codec: codecName(audioCodec) }),
  ].filter(Boolean)
  return (
    <span className="text-mid">
      {words.map((word, index) => (
        <Fragment key={String(word)}>
          {index > 0 ? <span className="text-low"> · </span> : null}
          <span className="whitespace-nowrap">{word}</span>
        </Fragment>
      ))}
    </span>
  )
}
