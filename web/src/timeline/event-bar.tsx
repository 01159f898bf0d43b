/** The event that was chosen: what it is, and keeping it from every rule that deletes. */
import { Lock, LockOpen, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useMe } from '../api/queries.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { clockLength, dayAndTime } from './exact-time.ts'
import { useKeepEvent } from './use-keep-event.ts'

export interface ChosenEvent {
  readonly id: string
  readonly cameraId: string
  readonly kind: string
  readonly startMs: number
  readonly endMs: number | null
  readonly kept: boolean
}

interface Props {
  event: ChosenEvent
  cameraName: string
  zone: string
  onChange: (event: ChosenEvent) => void
  onClear: () => void
}

export function EventBar({ event, cameraName, zone, onChange, onClear }: Props) {
  const { t } = useTranslation()
  const isAdmin = useMe().data?.role === 'admin'
  const keeping = useKeepEvent(onChange)
  return (
    <section
      aria-label={t('timeline.event.title')}
      data-event-bar={event.id}
      className="flex items-center gap-1 border-t border-line px-3 py-1"
    >
      <p className="flex min-w-0 flex-1 flex-wrap items-center gap-x-2">
        <span aria-hidden className="size-2 shrink-0 rotate-45 bg-event" />
        <span className="font-medium">{isKind(event.kind) ? t(`timeline.kind.${event.kind}`) : event.kind}</span>
        <span className="min-w-0 truncate text-mid">
          {cameraName} · {dayAndTime(event.startMs, zone)} ·{' '}
          {event.endMs === null ? t('timeline.lasts') : clockLength(event.endMs - event.startMs)}
          {event.kept && !isAdmin ? ` · ${t('timeline.kept')}` : ''}
        </span>
      </p>
      {isAdmin ? (
        <Button
          data-keep=""
          aria-pressed={event.kept}
          busy={keeping.isPending}
          title={t('timeline.event.keepHint')}
          className="aria-pressed:border-accent aria-pressed:text-accent"
          onClick={() => keeping.mutate({ eventId: event.id, kept: !event.kept })}
        >
          {event.kept ? <Lock /> : <LockOpen />}
          {t(event.kept ? 'timeline.event.kept' : 'timeline.event.keep')}
        </Button>
      ) : null}
      <IconButton label={t('timeline.event.clear')} onClick={onClear}>
        <X />
      </IconButton>
    </section>
  )
}

const isKind = (kind: string): kind is 'motion' | 'manual' | 'camera' => ['motion', 'manual', 'camera'].includes(kind)
