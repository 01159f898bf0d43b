/** The picture and facts of the event under the pointer. */
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { eventPictureUrl } from '../api/timeline.ts'
import { clockLength, dayAndTime } from './exact-time.ts'
import type { EventUnder } from './timeline-canvas.tsx'

interface Props {
  event: EventUnder
  cameraName: string
  zone: string
}

const widthPx = 240
const marginPx = 8

export function EventCard({ event, cameraName, zone }: Props) {
  const { t } = useTranslation()
  const [hasPicture, setPicture] = useState(true)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another event may have one.
  useEffect(() => setPicture(true), [event.id])
  const left = Math.max(marginPx, Math.min(innerWidth - widthPx - marginPx, event.x - widthPx / 2))
  return (
    <div
      data-event-card={event.id}
      className="pointer-events-none fixed z-30 overflow-hidden rounded-md border border-line bg-surface-1"
      style={{ left, bottom: innerHeight - event.y + 16, width: widthPx }}
    >
      {hasPicture ? (
        <img
          key={event.id}
          src={eventPictureUrl(event.id)}
          alt={t('timeline.eventPicture')}
          className="aspect-video w-full bg-surface-2 object-contain"
          onError={() => setPicture(false)}
        />
      ) : null}
      <div className="px-3 py-2">
        <p className="flex items-center gap-2 font-medium">
          <span aria-hidden className="size-2 rotate-45 bg-event" />
          {isKind(event.kind) ? t(`timeline.kind.${event.kind}`) : event.kind}
          <span className="min-w-0 flex-1 truncate text-right font-normal text-mid">{cameraName}</span>
        </p>
        <p className="text-xs text-mid">
          {dayAndTime(event.startMs, zone)} ·{' '}
          {event.endMs === null ? t('timeline.lasts') : clockLength(event.endMs - event.startMs)}
          {event.kept ? ` · ${t('timeline.kept')}` : ''}
        </p>
      </div>
    </div>
  )
}

const isKind = (kind: string): kind is 'motion' | 'manual' | 'camera' => ['motion', 'manual', 'camera'].includes(kind)
