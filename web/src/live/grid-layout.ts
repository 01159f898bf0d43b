/** How many columns a grid of pictures gets, and where an arrow key leads in it. */

export const columnChoices = ['auto', 1, 2, 3, 4] as const
export type ColumnChoice = (typeof columnChoices)[number]

const pictureRatio = 16 / 9
/** Below this width a picture tells nothing; a phone still gets one. */
const minTilePx = 220

/** Columns that make `tiles` pictures as large as they can be without scrolling; with many tiles, as many as stay readable. */
export function chooseColumns(choice: ColumnChoice, tiles: number, widthPx: number, heightPx: number): number {
  if (choice !== 'auto') return choice
  const most = Math.max(1, Math.min(tiles, Math.floor(widthPx / minTilePx)))
  const tilePx = (columns: number) =>
    Math.min(widthPx / columns, (heightPx / Math.ceil(tiles / columns)) * pictureRatio)
  const widest = Math.max(...Array.from({ length: most }, (_, i) => tilePx(i + 1)))
  let best = 1
  // Nearly as large but more side by side reads better than a narrow stack.
  for (let columns = 1; columns <= most; columns++) if (tilePx(columns) >= widest * 0.9) best = columns
  // A phone held upright scrolls rather than showing stamps.
  return tilePx(best) < minTilePx ? Math.max(1, Math.floor(widthPx / (minTilePx * 1.4))) : best
}

export type Arrow = 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown'

/** Index of the tile that an arrow key leads to; stays where there is none. */
export function moveInGrid(index: number, arrow: Arrow, tiles: number, columns: number): number {
  const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns }[arrow]
  const next = index + step
  return next >= 0 && next < tiles ? next : index
}
