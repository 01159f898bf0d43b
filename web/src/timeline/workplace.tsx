/** Players, transport and the canvas, joined: what is shown, what plays, what is chosen. */
import type { CameraView } from '@vedette/shared/camera.ts'
import type { EventKind } from '@vedette/shared/event.ts'
import { ownZone, startOfDay } from '@vedette/shared/local-time.ts'
import { lazy, Suspense, useCallback, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { errorSentence } from '../i18n/error-sentence.ts'
import { cx } from '../ui/cx.ts'
import { Note } from '../ui/states.tsx'
import { type ChosenEvent, EventBar } from './event-bar.tsx'
import { EventCard } from './event-card.tsx'
import { KeyHelp } from './key-help.tsx'
import { unreadCameras } from './lane-facts.ts'
import { LanesTable } from './lanes-table.tsx'
import { usePlayback, usePlaybackStore } from './playback-store.ts'
import { PlayerView } from './player-view.tsx'
import { SpanBar } from './span-bar.tsx'
import { type EventUnder, TimelineCanvas } from './timeline-canvas.tsx'
import { TimelineHeader } from './timeline-header.tsx'
import { centreOn, keepInside, panBy, timeToX, type View, zoomAt } from './timeline-layout.ts'
import { TransportBar } from './transport-bar.tsx'
import { useFollowedView } from './use-followed-view.ts'
import { usePlayed } from './use-played.ts'
import { useStartAtNewest } from './use-start-at-newest.ts'
import { leadInMs, useTimelineActions } from './use-timeline-actions.ts'
import { useTimelineData } from './use-timeline-data.ts'
import { useTimelineKeys } from './use-timeline-keys.ts'
import { useValueText } from './use-value-text.ts'

/** Loads when it is first opened. */
const KeptSheet = lazy(() => import('./kept-sheet.tsx').then((file) => ({ default: file.KeptSheet })))

const eventKinds: readonly EventKind[] = ['motion', 'manual', 'camera']
const playerGrid = ['', 'grid-cols-1', 'grid-cols-1 sm:grid-cols-2', 'grid-cols-2', 'grid-cols-2']

export function Workplace({ cameras }: { cameras: readonly CameraView[] }) {
  const { t } = useTranslation()
  const zone = ownZone()
  const played = usePlayed(cameras)
  const store = usePlaybackStore()
  const isPlaying = usePlayback(store, (state) => state.isPlaying)
  const [view, setView] = useFollowedView(store, played.startMs)
  const [kind, setKind] = useState<EventKind | ''>('')
  const [span, setSpan] = useState<{ startMs: number; endMs: number }>()
  const [scrubMs, setScrubMs] = useState<number>()
  const [eventUnder, setEventUnder] = useState<EventUnder>()
  const [chosen, setChosen] = useState<ChosenEvent>()
  const [isHelpOpen, setHelpOpen] = useState(false)
  const [isKeptOpen, setKeptOpen] = useState(false)
  const [isMuted, setMuted] = useState(true)
  const ids = useMemo(() => cameras.map((camera) => camera.id), [cameras])
  const data = useTimelineData(view, ids)
  const shownKinds = useMemo(() => new Set(kind === '' ? eventKinds : [kind]), [kind])
  const tiles = data.cache.read(view)
  const unread = unreadCameras(tiles)
  const valueText = useValueText({ store, cameras: played.cameras, tiles, zone })
  const { remember } = played
  const reveal = useCallback(
    (ms: number) => {
      setView((now) => keepInside(now, ms, Date.now()))
      remember(ms)
    },
    [remember, setView],
  )
  const actions = useTimelineActions({ store, cameras: [...played.ids], kind, reveal, onEvent: setChosen })

  useStartAtNewest(store, played.startMs, tiles, played.ids)

  const goToDay = (startMs: number) => {
    const endMs = Math.max(startOfDay(startMs, zone, 1), startMs + 1)
    setView((now) => ({ ...now, fromMs: startMs, toMs: endMs }))
    if (startMs < Date.now()) store.together.seek(startMs)
  }
  const markAtPlayhead = (edge: 'start' | 'end') => {
    const atMs = store.together.state.atMs
    if (atMs === undefined) return
    const { startMs, endMs } = span ?? { startMs: atMs, endMs: atMs }
    setSpan(
      edge === 'start'
        ? { startMs: atMs, endMs: Math.max(atMs, endMs) }
        : { startMs: Math.min(startMs, atMs), endMs: atMs },
    )
  }
  const aroundPlayhead = (now: View) => {
    const x = timeToX(now, store.together.state.atMs ?? now.toMs)
    return x >= 0 && x <= now.widthPx ? x : now.widthPx / 2
  }
  useTimelineKeys({
    actions,
    zoom: (factor) => setView((now) => zoomAt(now, aroundPlayhead(now), factor, Date.now())),
    pan: (share) => setView((now) => panBy(now, -share * now.widthPx, Date.now())),
    mark: markAtPlayhead,
    clearSpan: () => {
      setSpan(undefined)
      setChosen(undefined)
    },
    keep: () => document.querySelector<HTMLElement>('[data-keep]')?.click(),
    download: () => document.querySelector<HTMLElement>('[data-download]')?.click(),
    help: () => setHelpOpen(true),
  })

  const noteChange = (now: ChosenEvent) => setChosen((old) => (old?.id === now.id ? now : old))

  // The day of the playhead while it is in sight, else of what is.
  const atMs = store.state().atMs
  const isInSight = atMs !== undefined && atMs >= view.fromMs && atMs <= view.toMs
  const dayShown = isInSight ? atMs : Math.min((view.fromMs + view.toMs) / 2, Date.now())

  return (
    <div className="flex h-full flex-col">
      <TimelineHeader
        cameraIds={[...played.ids]}
        ms={dayShown}
        zone={zone}
        onDay={goToDay}
        onNow={() => {
          actions.goToNow()
          setView((now) => centreOn(now, Date.now(), Date.now(), 0.9))
        }}
        kind={kind}
        onKind={setKind}
        onKept={() => setKeptOpen(true)}
      />
      <div className={cx('grid min-h-40 flex-1 auto-rows-fr gap-1', playerGrid[played.cameras.length])}>
        {played.cameras.map((camera, i) => (
          <PlayerView
            key={camera.id}
            camera={camera}
            store={store}
            zone={zone}
            isMuted={isMuted || i > 0}
            scrubMs={scrubMs}
            spanMs={view.toMs - view.fromMs}
          />
        ))}
      </div>
      <TransportBar
        store={store}
        actions={actions}
        zone={zone}
        scrubMs={scrubMs}
        isMuted={isMuted}
        onMuted={setMuted}
        onHelp={() => setHelpOpen(true)}
      />
      {span ? <SpanBar span={span} cameras={played.cameras} zone={zone} onClear={() => setSpan(undefined)} /> : null}
      {chosen ? (
        <EventBar
          key={chosen.id}
          event={chosen}
          cameraName={cameras.find((camera) => camera.id === chosen.cameraId)?.name ?? ''}
          zone={zone}
          onChange={noteChange}
          onClear={() => setChosen(undefined)}
        />
      ) : null}
      {data.error ? <Note tone="danger">{t('timeline.failed', { why: errorSentence(data.error, t) })}</Note> : null}
      {unread.length > 0 ? (
        <p role="status" className="line-clamp-3 px-3 py-1 text-xs text-mid">
          {t('timeline.unread', {
            names: cameras.flatMap(({ id, name }) => (unread.includes(id) ? name : [])).join(', '),
          })}
        </p>
      ) : null}
      <section aria-label={t('timeline.title')} className="flex max-h-[45%] min-h-28 shrink-0 border-t border-line">
        <TimelineCanvas
          cameras={cameras}
          played={played.ids}
          onTogglePlayed={played.toggle}
          view={view}
          onView={setView}
          data={data}
          zone={zone}
          shownKinds={shownKinds}
          span={span}
          onSpan={setSpan}
          store={store}
          scrubMs={scrubMs}
          isPlaying={isPlaying}
          onScrub={(ms, isOver) => {
            setScrubMs(isOver ? undefined : Math.min(ms, Date.now()))
            if (isOver) actions.seek(ms)
          }}
          onPick={(hit, event) => {
            if (hit.area !== 'lane') return
            played.include(hit.cameraId)
            setChosen(event)
            actions.seek(event ? event.startMs - leadInMs : hit.ms, true)
          }}
          onEventUnder={setEventUnder}
          label={t('timeline.axis')}
          valueText={valueText}
        />
      </section>
      <LanesTable cameras={cameras} tiles={tiles} view={view} zone={zone} />
      {eventUnder ? (
        <EventCard
          event={eventUnder}
          cameraName={cameras.find((camera) => camera.id === eventUnder.cameraId)?.name ?? ''}
          zone={zone}
        />
      ) : null}
      {isKeptOpen ? (
        <Suspense>
          <KeptSheet
            cameras={cameras}
            zone={zone}
            onGo={(event) => {
              setKeptOpen(false)
              played.include(event.cameraId)
              setChosen(event)
              actions.seek(event.startMs - leadInMs, true)
            }}
            onChange={noteChange}
            onClose={() => setKeptOpen(false)}
          />
        </Suspense>
      ) : null}
      {isHelpOpen ? <KeyHelp onClose={() => setHelpOpen(false)} /> : null}
    </div>
  )
}
