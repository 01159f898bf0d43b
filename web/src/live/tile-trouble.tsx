/** The sentence over a dimmed picture: what is wrong, since when, what to do, when the next try is. */
import { useTranslation } from 'react-i18next'
import { formatAgo, formatDateTime, formatLength } from '../i18n/format.ts'
import { serverSentence } from '../i18n/server-sentence.ts'
import { cx } from '../ui/cx.ts'
import type { TileTrouble } from './tile-words.ts'

interface Props {
  trouble: TileTrouble
  nowMs: number
  /** There is a last picture under the words. */
  hasPicture: boolean
}

export function TileTroubleWords({ trouble, nowMs, hasPicture }: Props) {
  const { t } = useTranslation()
  const { kind, detail, sinceMs, nextTryMs } = trouble
  const isPassing = kind === 'connecting' || kind === 'late'
  return (
    <div
      className={cx(
        'pointer-events-none absolute inset-0 flex flex-col items-center justify-center gap-1 p-4 pt-8 text-center text-on-scrim',
        // A quick start should not flash words.
        isPassing && 'opacity-0 [animation:appear_150ms_500ms_forwards]',
      )}
    >
      {/* Only this is read aloud: the countdown would never end. */}
      <p role="status" className={cx('font-medium', isPassing && hasPicture && 'rounded-sm bg-scrim px-2 py-0.5')}>
        {t(`live.trouble.${kind}`, { ago: formatAgo(sinceMs ?? nowMs, nowMs) })}
      </p>
      {detail ? <p className="line-clamp-3 max-w-prose text-xs @max-[240px]:hidden">{serverSentence(detail)}</p> : null}
      <p className="flex flex-wrap justify-center gap-x-3 text-xs">
        {sinceMs !== null && kind !== 'late' ? (
          <span title={formatDateTime(sinceMs)} className="@max-[240px]:hidden">
            {t('live.since', { length: formatLength(Math.max(0, nowMs - sinceMs)) })}
          </span>
        ) : null}
        {nextTryMs !== null ? (
          <span>
            {nextTryMs > nowMs ? t('live.nextTry', { when: formatAgo(nextTryMs, nowMs) }) : t('live.tryingNow')}
          </span>
        ) : null}
      </p>
    </div>
  )
}
