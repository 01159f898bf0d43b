/** The tiles: all alike in a grid, or one large with the others beside it (below it on a phone). Each tile stays what it is when the layout changes, so no picture is lost. */
import type { CameraView } from '@vedette/shared/camera.ts'
import { type CSSProperties, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { cx } from '../ui/cx.ts'
import { useSize } from '../ui/use-size.ts'
import { type ColumnChoice, chooseColumns } from './grid-layout.ts'
import { Tile } from './tile.tsx'
import { useLiveKeys } from './use-live-keys.ts'

interface Props {
  cameras: readonly CameraView[]
  columns: ColumnChoice
  /** Id of the camera that is large. */
  large: string | undefined
  onLarge: (id: string | undefined) => void
}

const gapPx = 4
const wideFromPx = 760

export function Grid({ cameras, columns, large, onLarge }: Props) {
  const { t } = useTranslation()
  const frame = useRef<HTMLDivElement>(null)
  const { width, height } = useSize(frame)
  const isPhone = width < 520
  const count = chooseColumns(isPhone ? 'auto' : columns, cameras.length, width, height)
  useLiveKeys({ frame, cameras, columns: count, large, onLarge })
  return (
    <div ref={frame} className="min-h-0 flex-1 overflow-y-auto overscroll-contain">
      {width > 0 ? (
        <ul
          aria-label={t('live.title')}
          className={cx('mx-auto grid gap-1', large && width >= wideFromPx && 'grid-cols-[1fr_minmax(180px,20%)]')}
          style={large ? largeStyle(cameras.length, width) : gridStyle(count, cameras.length, width, height)}
        >
          {cameras.map((camera) => {
            const isLarge = camera.id === large
            return (
              <Tile
                key={camera.id}
                camera={camera}
                isLarge={isLarge}
                className={large ? tilePlace(isLarge, width >= wideFromPx) : 'aspect-video'}
                heightPx={isLarge && width >= wideFromPx ? height : undefined}
                onChoose={() => onLarge(isLarge ? undefined : camera.id)}
              />
            )
          })}
        </ul>
      ) : null}
    </div>
  )
}

/** As wide as all rows fit the height; a chosen number of columns may scroll. */
function gridStyle(columns: number, tiles: number, widthPx: number, heightPx: number): CSSProperties {
  const rows = Math.ceil(tiles / columns)
  const fitting = ((heightPx - (rows - 1) * gapPx) / rows) * (16 / 9) * columns + (columns - 1) * gapPx
  // Hardly too high is fitted too, rather than scrolled by a little.
  const isNear = fitting > widthPx * 0.6
  return {
    gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`,
    width: isNear ? Math.min(widthPx, fitting) : widthPx,
  }
}

/** Beside the large one the others keep their own height; the last row takes what is left. */
function largeStyle(tiles: number, widthPx: number): CSSProperties {
  return widthPx >= wideFromPx
    ? { gridTemplateRows: `repeat(${Math.max(1, tiles - 1)}, max-content) 1fr` }
    : { gridTemplateColumns: 'repeat(2, minmax(0, 1fr))' }
}

/** The large one first, whatever its place in the order; where there are many others, it stays in sight while they scroll. */
function tilePlace(isLarge: boolean, isWide: boolean): string {
  if (!isLarge) return isWide ? 'col-start-2 aspect-video' : 'aspect-video'
  return isWide ? 'sticky top-0 col-start-1 row-start-1 -row-end-1 self-start' : 'col-span-2 -order-1 aspect-video'
}
