/** One camera in the live grid: picture, boxes, what stands over it, and the sentence when there is no picture. */
import type { CameraView } from '@vedette/shared/camera.ts'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNow } from '../i18n/use-now.ts'
import { codecName } from '../media/codec-name.ts'
import { cx } from '../ui/cx.ts'
import { useInSight } from '../ui/use-in-sight.ts'
import { MotionBoxes } from './motion-boxes.tsx'
import { TileActions } from './tile-actions.tsx'
import { TileStatus } from './tile-status.tsx'
import { TileTroubleWords } from './tile-trouble.tsx'
import { troubleOf } from './tile-words.ts'
import { useLivePicture } from './use-live-picture.ts'

interface Props {
  camera: CameraView
  /** Large: shows the main stream. */
  isLarge: boolean
  className?: string
  /** Where the height does not follow from the width. */
  heightPx: number | undefined
  onChoose: () => void
}

export function Tile({ camera, isLarge, className, heightPx, onChoose }: Props) {
  const { t } = useTranslation()
  const tile = useRef<HTMLLIElement>(null)
  const isInSight = useInSight(tile)
  const isWatchable = camera.enabled && camera.rights.includes('view')
  /** The main stream's codec that this browser can show as single JPEGs only; another codec is another chance. */
  const [refused, setRefused] = useState<string>()
  const [isSoundOn, setSoundOn] = useState(false)
  const mainCodec = camera.status.main?.codec ?? ''
  // The moving pictures of the sub stream are worth more than stills of main.
  const isMainRefused = isLarge && camera.hasSub && refused === mainCodec
  const { box, state } = useLivePicture({
    cameraId: camera.id,
    mode: camera.liveMode,
    stream: (isLarge && !isMainRefused) || !camera.hasSub ? 'main' : 'sub',
    isActive: isInSight && isWatchable,
    // One camera is heard at a time: the large one.
    isSoundOn: isLarge && isSoundOn,
  })
  const isMainHopeless = state.stream === 'main' && state.reason === 'codec_mse'
  useEffect(() => {
    if (isMainHopeless) setRefused(mainCodec)
  }, [isMainHopeless, mainCodec])
  const reason = isMainRefused ? 'main_refused' : state.reason
  const nowMs = useNow()
  const trouble = troubleOf(camera, state, nowMs)
  const hasPicture = state.picture !== 'none'
  const isDimmed = trouble !== undefined && trouble.kind !== 'late'
  return (
    <li
      ref={tile}
      data-camera={camera.id}
      data-picture={state.picture}
      data-transport={state.transport}
      data-stream={state.stream}
      style={{ height: heightPx }}
      className={cx('group/tile @container relative overflow-hidden bg-black [contain:strict]', className)}
    >
      <div
        ref={box}
        className={cx(
          'absolute inset-0 transition-opacity delay-300',
          isDimmed && hasPicture && 'opacity-35 grayscale',
        )}
      />
      {trouble ? null : <MotionBoxes boxes={state.boxes} width={state.width} height={state.height} />}
      {trouble ? <TileTroubleWords trouble={trouble} nowMs={nowMs} hasPicture={hasPicture} /> : null}
      <button
        type="button"
        data-tile-button=""
        aria-label={t(isLarge ? 'live.makeSmall' : 'live.makeLarge', { name: camera.name })}
        aria-pressed={isLarge}
        onClick={onChoose}
        className="absolute inset-0 -outline-offset-2"
      />
      <TileStatus camera={camera} picture={state} isLarge={isLarge} hasTrouble={trouble !== undefined} />
      {reason && state.picture === 'live' && isLarge ? (
        <p className="pointer-events-none absolute bottom-2 left-2 max-w-[60%] rounded-sm bg-scrim px-2 py-1 text-xs text-on-scrim">
          {t(`live.reason.${reason}`, { codec: codecName(state.refusedCodec ?? mainCodec) })}
        </p>
      ) : null}
      <TileActions
        camera={camera}
        hasPicture={hasPicture}
        isLarge={isLarge}
        sound={isLarge && state.hasSound ? { isOn: isSoundOn, onToggle: () => setSoundOn(!isSoundOn) } : undefined}
        tile={tile}
        box={box}
      />
    </li>
  )
}
