/** One camera's footage on screen: the video, the preview while scrubbing, and a sentence whenever there is no picture. */
import type { CameraView } from '@vedette/shared/camera.ts'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { fetchMedia, fetchParts } from '../api/playback.ts'
import { errorSentence } from '../i18n/error-sentence.ts'
import { RecordButton } from '../live/record-button.tsx'
import { codecName } from '../media/codec-name.ts'
import { canPlay } from '../media/media-source.ts'
import { PictureBadge } from '../ui/badge.tsx'
import { cx } from '../ui/cx.ts'
import { dayAndTime } from './exact-time.ts'
import type { FootageSource } from './footage-feed.ts'
import { hasSound, playablePart } from './playable-part.ts'
import { type PlaybackStore, usePlayback } from './playback-store.ts'
import { Player, type PlayerState } from './player.ts'
import { DamagedError, UnplayableError } from './player-buffer.ts'
import { ScrubPicture } from './scrub-picture.tsx'

/** Nearer to the present than this, more footage may still come. */
const newMs = 120_000

interface Props {
  camera: CameraView
  store: PlaybackStore
  zone: string
  isMuted: boolean
  scrubMs: number | undefined
  /** Length of the view, for how near a preview has to be. */
  spanMs: number
}

export function PlayerView({ camera, store, zone, isMuted, scrubMs, spanMs }: Props) {
  const video = useRef<HTMLVideoElement>(null)
  const [state, setState] = useState<PlayerState>({ kind: 'empty' })
  const source = useMemo(() => footageOf(camera.id), [camera.id])

  useEffect(() => {
    if (!video.current) return
    const player = new Player({ video: video.current, source, onChange: () => setState(player.state) })
    const remove = store.add(player)
    setState(player.state)
    return () => {
      remove()
      player.close()
    }
  }, [source, store])

  // What cannot be played can still be looked through, a picture every ten seconds.
  const isUnplayable = state.kind === 'failed' && state.error instanceof UnplayableError
  const unplayableMs = usePlayback(store, ({ atMs }) => (isUnplayable ? atMs : undefined))
  const hasPicture = state.kind === 'ready' || state.kind === 'loading'
  return (
    <figure
      data-player={camera.id}
      data-state={state.kind}
      className="relative min-h-0 min-w-0 overflow-hidden bg-black [contain:strict]"
    >
      <video
        ref={video}
        playsInline
        muted={isMuted}
        aria-label={camera.name}
        className={cx('absolute inset-0 size-full object-contain', !hasPicture && 'opacity-30 grayscale')}
      />
      <ScrubPicture cameraId={camera.id} ms={scrubMs ?? unplayableMs} spanMs={spanMs} />
      {scrubMs === undefined ? <PlayerWords state={state} atMs={store.state().atMs} zone={zone} /> : null}
      <figcaption className="pointer-events-none absolute top-2 left-2 max-w-[80%]">
        <PictureBadge className="max-w-full">
          <span className="truncate">{camera.name}</span>
        </PictureBadge>
      </figcaption>
      <div className="absolute top-2 right-2">
        <RecordButton
          camera={camera}
          className="grid size-8 place-items-center rounded-sm bg-scrim text-on-scrim hover:bg-black pointer-coarse:size-11 [&_svg]:size-4"
        />
      </div>
    </figure>
  )
}

function PlayerWords({ state, atMs, zone }: { state: PlayerState; atMs: number | undefined; zone: string }) {
  const { t } = useTranslation()
  const words = () => {
    if (state.kind === 'empty') return [t('timeline.playing.pick')]
    if (state.kind === 'loading') return [t('timeline.playing.loading')]
    if (state.kind === 'failed') {
      if (state.error instanceof UnplayableError)
        return [t('timeline.playing.codec', { codec: codecName(state.error.codec) })]
      if (state.error instanceof DamagedError) return [t('timeline.playing.damaged')]
      return [t('timeline.playing.failed', { why: errorSentence(state.error, t) })]
    }
    if (state.kind !== 'gap') return []
    if (state.untilMs !== null) {
      return [t('timeline.playing.gap'), t('timeline.playing.goesOn', { time: dayAndTime(state.untilMs, zone) })]
    }
    const isNew = Date.now() - (atMs ?? 0) < newMs
    return [t(isNew ? 'timeline.playing.waits' : 'timeline.playing.nothingLater')]
  }
  const lines = words()
  if (lines.length === 0) return null
  return (
    <div
      role="status"
      className={cx(
        'pointer-events-none absolute inset-0 flex flex-col items-center justify-center gap-1 p-4 text-center text-on-scrim',
        // Most loading is over before anybody could read of it.
        state.kind === 'loading' ? 'opacity-0 [animation:appear_150ms_400ms_forwards]' : 'bg-scrim',
      )}
    >
      {lines.map((line) => (
        <p key={line} className={cx('max-w-prose', state.kind === 'loading' && 'rounded-sm bg-scrim px-2 py-0.5')}>
          {line}
        </p>
      ))}
    </div>
  )
}

function footageOf(cameraId: string): FootageSource {
  return {
    parts: async (span, signal) => {
      const answer = await fetchParts(cameraId, span, 'main', signal)
      return { ...answer, parts: answer.parts.map((part) => playablePart(part, canPlay)) }
    },
    bytes: ({ segmentId, mime }, first, end, signal) =>
      fetchMedia({ segmentId, first, end, isMuted: !hasSound(mime) }, signal),
  }
}
