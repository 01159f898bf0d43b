/**
 * What the timeline draws, kept in tiles: a tile is a power-of-two span of time at the detail of its zoom, so that panning
 * and zooming ask for each tile once. While a tile is on its way, what is known from other zooms is drawn in its place.
 *
 * Bounded: the tiles used longest ago go first; requests for tiles out of sight are given up.
 */
import type { TimelineAnswer } from '@vedette/shared/timeline.ts'
import { msPerPx, type View } from './timeline-layout.ts'

export interface TileSpan {
  /** The tile is 2^level seconds long. */
  readonly level: number
  readonly fromMs: number
  readonly toMs: number
}

/** Known facts and the part of the view that they are drawn in. */
export interface DrawTile {
  readonly fromMs: number
  readonly toMs: number
  readonly answer: TimelineAnswer
}

export type FetchTile = (span: TileSpan, cameras: readonly string[], signal: AbortSignal) => Promise<TimelineAnswer>

export const tileBuckets = 1024
const minLevel = 3
const maxLevel = 25
const maxTiles = 160
/** The past changes seldom: retention deletes, an event gets its end. */
const pastStaleMs = 120_000
/** A tile that reaches into the present is asked again this often, or when its bucket is over. */
const presentStaleMs = 4_000
const retryMs = 3_000

interface Tile {
  readonly span: TileSpan
  answer: TimelineAnswer | undefined
  loadedMs: number
  request: AbortController | undefined
}

/** The zoom whose buckets are at least a pixel wide. */
export function chooseLevel(view: View): number {
  const level = Math.ceil(Math.log2((msPerPx(view) * tileBuckets) / 1000))
  return Math.min(maxLevel, Math.max(minLevel, level))
}

/** The tiles of one level that cover [fromMs, toMs). */
export function coverTiles(fromMs: number, toMs: number, level: number): TileSpan[] {
  const lengthMs = 1000 * 2 ** level
  const tiles: TileSpan[] = []
  for (let at = Math.max(0, Math.floor(fromMs / lengthMs)) * lengthMs; at < toMs; at += lengthMs) {
    tiles.push({ level, fromMs: at, toMs: at + lengthMs })
  }
  return tiles
}

export class TimelineCache {
  readonly #fetch: FetchTile
  readonly #onChange: () => void
  readonly #nowMs: () => number
  #cameras: readonly string[] = []
  /** In order of use: the first was used longest ago. */
  #tiles = new Map<string, Tile>()
  #failedMs = Number.NEGATIVE_INFINITY
  #error: unknown

  constructor(options: { fetch: FetchTile; onChange: () => void; nowMs?: () => number }) {
    this.#fetch = options.fetch
    this.#onChange = options.onChange
    this.#nowMs = options.nowMs ?? Date.now
  }

  /** Why the last request failed; undefined while all is well. */
  get error(): unknown {
    return this.#error
  }

  /** Whether anything in sight is still on its way. */
  get isLoading(): boolean {
    return [...this.#tiles.values()].some((tile) => tile.request)
  }

  /** Asks for what the view needs and does not have, its neighbours too. Call again when time passes or facts change. */
  want(view: View, cameras: readonly string[]): void {
    if (cameras.join() !== this.#cameras.join()) this.#forget(cameras)
    if (cameras.length === 0) return
    const level = chooseLevel(view)
    const shown = coverTiles(view.fromMs, view.toMs, level)
    const lengthMs = 1000 * 2 ** level
    const beside = coverTiles(view.fromMs - lengthMs / 2, view.toMs + lengthMs / 2, level)
    const wanted = new Set(beside.map(keyOf))
    for (const [key, tile] of this.#tiles) if (!wanted.has(key)) giveUp(tile)
    if (this.#nowMs() - this.#failedMs < retryMs) return
    for (const span of shown) this.#need(span)
    for (const span of beside) if (!shown.some((tile) => tile.fromMs === span.fromMs)) this.#need(span)
    this.#shrink()
  }

  /** Something new was recorded or happened: tiles that touch [fromMs, toMs] are asked for again when next wanted. */
  markStale(fromMs: number, toMs: number): void {
    for (const tile of this.#tiles.values()) {
      if (tile.span.fromMs <= toMs && tile.span.toMs >= fromMs) tile.loadedMs = Number.NEGATIVE_INFINITY
    }
  }

  /** The best that is known for the view now, without overlaps, in order of time. */
  read(view: View): DrawTile[] {
    const level = chooseLevel(view)
    return coverTiles(view.fromMs, view.toMs, level).flatMap((span) => this.#best(span))
  }

  close(): void {
    for (const tile of this.#tiles.values()) giveUp(tile)
    this.#tiles.clear()
  }

  #best(span: TileSpan): DrawTile[] {
    const own = this.#answer(span)
    if (own) return [{ fromMs: span.fromMs, toMs: span.toMs, answer: own }]
    for (let level = span.level + 1; level <= Math.min(maxLevel, span.level + 8); level++) {
      const parent = coverTiles(span.fromMs, span.toMs, level)[0]
      const answer = parent && this.#answer(parent)
      if (answer) return [{ fromMs: span.fromMs, toMs: span.toMs, answer }]
    }
    return this.#finer(span, 3)
  }

  /** Tiles of closer zooms inside a span, `depth` zooms down. */
  #finer(span: TileSpan, depth: number): DrawTile[] {
    if (depth === 0 || span.level === minLevel) return []
    return coverTiles(span.fromMs, span.toMs, span.level - 1).flatMap((child) => {
      const answer = this.#answer(child)
      return answer ? [{ fromMs: child.fromMs, toMs: child.toMs, answer }] : this.#finer(child, depth - 1)
    })
  }

  #answer(span: TileSpan): TimelineAnswer | undefined {
    return this.#tiles.get(keyOf(span))?.answer
  }

  #need(span: TileSpan): void {
    const key = keyOf(span)
    const tile = this.#tiles.get(key) ?? {
      span,
      answer: undefined,
      loadedMs: Number.NEGATIVE_INFINITY,
      request: undefined,
    }
    this.#tiles.delete(key)
    this.#tiles.set(key, tile)
    const nowMs = this.#nowMs()
    if (span.fromMs > nowMs || tile.request || nowMs - tile.loadedMs < staleAfterMs(tile, nowMs)) return
    const request = new AbortController()
    tile.request = request
    const done = () => {
      if (tile.request === request) tile.request = undefined
    }
    this.#fetch(span, this.#cameras, request.signal).then(
      (answer) => {
        done()
        if (request.signal.aborted) return
        tile.answer = answer
        tile.loadedMs = this.#nowMs()
        this.#error = undefined
        this.#onChange()
      },
      (error: unknown) => {
        done()
        if (request.signal.aborted) return
        this.#error = error
        this.#failedMs = this.#nowMs()
        this.#onChange()
      },
    )
  }

  #forget(cameras: readonly string[]): void {
    this.close()
    this.#cameras = cameras
  }

  #shrink(): void {
    for (const [key, tile] of this.#tiles) {
      if (this.#tiles.size <= maxTiles) return
      giveUp(tile)
      this.#tiles.delete(key)
    }
  }
}

function keyOf(span: TileSpan): string {
  return `${span.level}:${span.fromMs}`
}

function staleAfterMs(tile: Tile, nowMs: number): number {
  if (tile.span.toMs < nowMs - 60_000) return pastStaleMs
  return Math.max(presentStaleMs, (tile.span.toMs - tile.span.fromMs) / tileBuckets)
}

function giveUp(tile: Tile): void {
  tile.request?.abort()
  tile.request = undefined
}
