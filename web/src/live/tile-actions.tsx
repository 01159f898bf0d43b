/** What can be done with a live picture: shown on hover, with the keyboard, and under a finger once the tile is large. */
import { Link } from '@tanstack/react-router'
import type { CameraView } from '@vedette/shared/camera.ts'
import { Camera, ChartNoAxesGantt, Maximize, PictureInPicture2, Volume2, VolumeX } from 'lucide-react'
import type { RefObject } from 'react'
import { useTranslation } from 'react-i18next'
import { snapshotUrl } from '../api/frame.ts'
import { cx } from '../ui/cx.ts'
import { tell } from '../ui/toast.tsx'
import { Tooltip } from '../ui/tooltip.tsx'
import { toggleFullscreen } from './fullscreen.ts'
import { canFloat, toggleFloating } from './picture-in-picture.ts'
import { RecordButton } from './record-button.tsx'

interface Props {
  camera: CameraView
  hasPicture: boolean
  isLarge: boolean
  /** Undefined: there is none to hear. */
  sound: { readonly isOn: boolean; onToggle(): void } | undefined
  tile: RefObject<HTMLElement | null>
  box: RefObject<HTMLElement | null>
}

const action =
  'grid size-8 place-items-center rounded-sm bg-scrim text-on-scrim transition-colors hover:bg-black pointer-coarse:size-11 [&_svg]:size-4'
/** The jump goes back a little: what one wants to see again has just happened. */
const jumpBackMs = 10_000

export function TileActions({ camera, hasPicture, isLarge, sound, tile, box }: Props) {
  const { t } = useTranslation()
  const name = camera.name
  const refused = () => tell(t('live.refusedByBrowser'), { danger: true })
  return (
    <div
      className={cx(
        'absolute right-2 bottom-2 flex gap-1 transition-opacity',
        isLarge
          ? 'opacity-60 has-data-[state=open]:opacity-100 group-hover/tile:opacity-100 focus-within:opacity-100 pointer-coarse:opacity-100'
          : 'opacity-0 has-data-[state=open]:opacity-100 group-hover/tile:opacity-100 focus-within:opacity-100 pointer-coarse:hidden',
      )}
    >
      {sound ? (
        <Tooltip text={t('live.sound')}>
          <button
            type="button"
            aria-label={t('live.soundOf', { name })}
            aria-pressed={sound.isOn}
            className={action}
            onClick={sound.onToggle}
          >
            {sound.isOn ? <Volume2 /> : <VolumeX />}
          </button>
        </Tooltip>
      ) : null}
      <RecordButton camera={camera} className={action} />
      {hasPicture ? (
        <Tooltip text={t('live.snapshot')}>
          <a
            href={snapshotUrl(camera.id)}
            download={`${name}.jpg`}
            aria-label={t('live.snapshotOf', { name })}
            className={action}
          >
            <Camera />
          </a>
        </Tooltip>
      ) : null}
      {camera.rights.includes('replay') ? (
        <Tooltip text={t('live.toTimeline')}>
          <Link
            to="/timeline"
            search={() => ({ camera: [camera.id], at: Date.now() - jumpBackMs })}
            aria-label={t('live.toTimelineOf', { name })}
            className={action}
          >
            <ChartNoAxesGantt />
          </Link>
        </Tooltip>
      ) : null}
      {hasPicture && canFloat() ? (
        <Tooltip text={t('live.float')}>
          <button
            type="button"
            aria-label={t('live.floatOf', { name })}
            className={action}
            onClick={() => box.current && toggleFloating(box.current).catch(refused)}
          >
            <PictureInPicture2 />
          </button>
        </Tooltip>
      ) : null}
      <Tooltip text={t('live.fullscreen')}>
        <button
          type="button"
          aria-label={t('live.fullscreenOf', { name })}
          className={action}
          onClick={() => tile.current && toggleFullscreen(tile.current).catch(refused)}
        >
          <Maximize />
        </button>
      </Tooltip>
    </div>
  )
}
