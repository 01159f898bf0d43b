/** Every event that somebody keeps, whatever its age: to find again, and to let go. */
import { type InfiniteData, useInfiniteQuery, useMutation } from '@tanstack/react-query'
import type { CameraView } from '@vedette/shared/camera.ts'
import type { EventPage, EventView } from '@vedette/shared/event.ts'
import { Lock, LockOpen } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { keepEvent, listKeptEvents } from '../api/events.ts'
import { keys } from '../api/keys.ts'
import { queryClient, useMe } from '../api/queries.ts'
import { eventPictureUrl } from '../api/timeline.ts'
import { errorSentence } from '../i18n/error-sentence.ts'
import { QueryView } from '../shell/query-view.tsx'
import { Button, IconButton } from '../ui/button.tsx'
import { Sheet } from '../ui/dialog.tsx'
import { Field, Select } from '../ui/field.tsx'
import { Empty, Note } from '../ui/states.tsx'
import { clockLength, dayAndTime } from './exact-time.ts'

interface Props {
  cameras: readonly CameraView[]
  zone: string
  onGo: (event: EventView) => void
  /** It is kept or not any more. */
  onChange: (event: EventView) => void
  onClose: () => void
}

export function KeptSheet({ cameras, zone, onGo, onChange, onClose }: Props) {
  const { t } = useTranslation()
  const isAdmin = useMe().data?.role === 'admin'
  const [camera, setCamera] = useState('')
  const queryKey = [...keys.keptEvents, camera]
  const kept = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) => listKeptEvents(camera || undefined, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
  })
  const keeping = useMutation({
    mutationFn: ({ eventId, isKept }: { eventId: string; isKept: boolean }) => keepEvent(eventId, isKept),
    onSuccess: (now) => {
      onChange(now)
      // What is let go stays in sight until the list is opened anew: the same button takes it back.
      queryClient.setQueryData<InfiniteData<EventPage>>(queryKey, (data) => data && replaceEvent(data, now))
      return queryClient.invalidateQueries({ queryKey: keys.keptEvents, refetchType: 'none' })
    },
  })
  const names = new Map(cameras.map(({ id, name }) => [id, name]))
  return (
    <Sheet title={t('timeline.keptList.title')} closeLabel={t('common.close')} onClose={onClose}>
      {cameras.length > 1 ? (
        <div className="pb-4">
          <Field label={t('timeline.keptList.camera')}>
            {(control) => (
              <Select
                {...control}
                value={camera}
                options={[
                  { value: '', label: t('timeline.keptList.all') },
                  ...cameras.map(({ id, name }) => ({ value: id, label: name })),
                ]}
                onValue={setCamera}
              />
            )}
          </Field>
        </div>
      ) : null}
      {keeping.isError ? <Note tone="danger">{errorSentence(keeping.error, t)}</Note> : null}
      <QueryView query={kept} rows={4}>
        {({ pages }) => {
          const events = pages.flatMap((page) => page.events)
          if (events.length === 0)
            return (
              <Empty icon={<Lock />} title={t('timeline.keptList.empty')}>
                {t(isAdmin ? 'timeline.keptList.emptyHint' : 'timeline.keptList.emptyViewer')}
              </Empty>
            )
          return (
            <ul className="-mx-4 -my-2">
              {events.map((event) => (
                <KeptRow
                  key={event.id}
                  event={event}
                  cameraName={names.get(event.cameraId) ?? t('timeline.keptList.deletedCamera')}
                  zone={zone}
                  onGo={names.has(event.cameraId) ? () => onGo(event) : undefined}
                  onKept={isAdmin ? (isKept) => keeping.mutate({ eventId: event.id, isKept }) : undefined}
                  isBusy={keeping.isPending && keeping.variables.eventId === event.id}
                />
              ))}
            </ul>
          )
        }}
      </QueryView>
      {kept.hasNextPage ? (
        <Button className="mt-4 w-full" busy={kept.isFetchingNextPage} onClick={() => void kept.fetchNextPage()}>
          {t('timeline.keptList.more')}
        </Button>
      ) : null}
    </Sheet>
  )
}

const replaceEvent = (data: InfiniteData<EventPage>, now: EventView): InfiniteData<EventPage> => ({
  ...data,
  pages: data.pages.map((page) => ({
    ...page,
    events: page.events.map((event) => (event.id === now.id ? now : event)),
  })),
})

interface RowProps {
  event: EventView
  cameraName: string
  zone: string
  /** Undefined: its camera was deleted, so no player can show it. */
  onGo: (() => void) | undefined
  onKept: ((isKept: boolean) => void) | undefined
  isBusy: boolean
}

function KeptRow({ event, cameraName, zone, onGo, onKept, isBusy }: RowProps) {
  const { t } = useTranslation()
  const [hasPicture, setPicture] = useState(event.hasPicture)
  const kind = t(`timeline.kind.${event.kind}`)
  return (
    <li className="flex items-center gap-1 border-t border-line pr-2 first:border-t-0">
      <button
        type="button"
        className="flex min-w-0 flex-1 items-center gap-3 py-2 pl-4 text-left enabled:hover:bg-surface-2 focus-visible:-outline-offset-2"
        disabled={!onGo}
        onClick={onGo}
      >
        <span className="flex aspect-video w-24 shrink-0 items-center justify-center overflow-hidden rounded-sm bg-surface-2">
          {hasPicture ? (
            <img
              src={eventPictureUrl(event.id)}
              alt=""
              loading="lazy"
              className="size-full object-cover"
              onError={() => setPicture(false)}
            />
          ) : (
            <Lock aria-hidden className="size-4 text-low" />
          )}
        </span>
        <span className="flex min-w-0 flex-col">
          <span className="truncate font-medium">
            {cameraName} · {kind}
          </span>
          <span className="text-xs text-mid">{dayAndTime(event.startMs, zone)}</span>
          <span className="text-xs text-mid">
            {event.endMs === null ? t('timeline.lasts') : clockLength(event.endMs - event.startMs)}
            {event.kept ? '' : ` · ${t('timeline.keptList.notKept')}`}
          </span>
        </span>
      </button>
      {onKept ? (
        <IconButton
          label={t('timeline.event.keep')}
          aria-pressed={event.kept}
          busy={isBusy}
          onClick={() => onKept(!event.kept)}
        >
          {event.kept ? <Lock /> : <LockOpen />}
        </IconButton>
      ) : null}
    </li>
  )
}
