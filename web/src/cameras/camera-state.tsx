/** A camera's state in words, since when, and what to do about it. */
import type { CameraStatus } from '@vedette/shared/camera.ts'
import { useTranslation } from 'react-i18next'
import { formatAgo, formatDateTime, formatLength } from '../i18n/format.ts'
import { serverSentence } from '../i18n/server-sentence.ts'
import { useNow } from '../i18n/use-now.ts'
import { StateDot } from '../ui/badge.tsx'
import { stateTone } from './camera-words.ts'

interface Props {
  status: CameraStatus
  /** Also the sentence that says what is wrong, and the next try. */
  withProblem?: boolean
}

export function CameraState({ status, withProblem = true }: Props) {
  const { t } = useTranslation()
  const nowMs = useNow(status.nextTryMs === null ? 10_000 : 1000)
  const lengthMs = nowMs - status.sinceMs
  const shown = status.code === 'camera_key_changed' ? 'untrusted' : status.state
  const waiting = status.nextTryMs !== null && status.nextTryMs > nowMs
  return (
    <div className="min-w-0">
      <p className="flex items-center gap-2">
        <StateDot tone={stateTone[status.state]} />
        <span className="font-medium">{t(`cameras.state.${shown}`)}</span>
        {lengthMs >= 1000 ? (
          <span className="text-low" title={formatDateTime(status.sinceMs)}>
            {t('cameras.since', { length: formatLength(lengthMs) })}
          </span>
        ) : null}
      </p>
      {withProblem && status.problem ? (
        <p className="mt-0.5 max-w-prose text-xs text-mid">
          {serverSentence(status.problem)}
          {waiting && status.nextTryMs !== null ? (
            <span className="text-low"> {t('cameras.nextTry', { when: formatAgo(status.nextTryMs, nowMs) })}</span>
          ) : null}
        </p>
      ) : null}
    </div>
  )
}
