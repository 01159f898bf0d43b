/**
 * Plays one camera's footage in a video element: lands on exact frames, knows gaps, follows the newest footage.
 *
 * In:        where to be (`seek`), whether to play and how fast; `tick()` about ten times a second.
 * Out:       `state`, `atMs`; `onChange` when the state changes.
 * Not here:  which bytes come next (footage-feed.ts), the buffer (player-buffer.ts), several cameras in step
 *            (play-together.ts), words.
 * Invariant: only the last seek counts; what an earlier one still brings is thrown away.
 */
import { FootageFeed, type FootageSource } from './footage-feed.ts'
import { DamagedError, OtherTracksError, PlayerBuffer, UnplayableError } from './player-buffer.ts'

export type PlayerState =
  | { readonly kind: 'empty' }
  | { readonly kind: 'loading' }
  | { readonly kind: 'ready' }
  /** Nothing was recorded at this time; null: nor after it, so far. */
  | { readonly kind: 'gap'; readonly untilMs: number | null }
  | { readonly kind: 'failed'; readonly error: unknown }

/** Places in the buffer are counted from here: far enough back that nobody scrolls there, near enough for exact seconds. */
const originBackMs = 1000 * 86_400_000
/** A frame begins here; asking for its very edge may show the one before. */
const insideFrameS = 0.001
const retryMs = 3000
/** So much is left out where the decoder gave up. */
const skippedMs = 1000

export class Player {
  readonly video: HTMLVideoElement
  readonly #source: FootageSource
  readonly #onChange: () => void
  readonly #buffer: PlayerBuffer
  #state: PlayerState = { kind: 'empty' }
  #feed: FootageFeed | undefined
  #run: AbortController | undefined
  /** Where to be as soon as the buffer has it. */
  #targetS: number | undefined
  /** The frame that the video is on its way to. */
  #landingS: number | undefined
  #shownS: number | undefined
  #isPlaying = false
  #rate = 1
  /** Why the feed ended. */
  #failure: unknown
  #retryTimer: ReturnType<typeof setTimeout> | undefined
  readonly #end = new AbortController()
  readonly #listening = { signal: this.#end.signal }
  #closed = false

  constructor(options: { video: HTMLVideoElement; source: FootageSource; onChange: () => void }) {
    this.video = options.video
    this.#source = options.source
    this.#onChange = options.onChange
    this.#buffer = new PlayerBuffer(options.video, {
      positionS: () => this.#positionS(),
      rate: () => this.#rate,
      endS: () => this.#feed?.endS,
      isIdle: () => this.#targetS !== undefined,
      onForget: (fromS, toS) => this.#feed?.forget(fromS, toS),
    })
    this.video.addEventListener('seeked', () => this.#landed(), this.#listening)
    this.video.addEventListener('error', () => this.#damaged(), this.#listening)
    this.#followFrames()
  }

  get state(): PlayerState {
    return this.#state
  }

  /** The instant on screen, or the one on its way there; undefined before the first seek. */
  get atMs(): number | undefined {
    if (!this.#feed) return undefined
    return this.#feed.originMs + this.#positionS() * 1000
  }

  seek(ms: number): void {
    if (this.#closed) return
    clearTimeout(this.#retryTimer)
    const feed = this.#feedFor(ms)
    const targetS = (ms - feed.originMs) / 1000
    this.#targetS = targetS
    this.#landingS = undefined
    if (this.#run && targetS >= (feed.startS ?? Number.POSITIVE_INFINITY) && this.#buffer.isBuffered(targetS)) {
      this.#land()
      return
    }
    this.#run?.abort()
    const run = new AbortController()
    this.#run = run
    this.#failure = undefined
    this.#set({ kind: 'loading' })
    const progress = (place: 'footage' | 'gap') => {
      if (this.#run !== run) return
      if (place === 'gap') this.#set({ kind: 'gap', untilMs: feed.gaps[0]?.untilMs ?? null })
      // What lies behind a gap is brought, but shown only when somebody goes there.
      else if (this.#state.kind !== 'gap' || this.#state.untilMs === null) this.#land()
    }
    feed.run(ms, run.signal, progress).catch((error: unknown) => {
      if (this.#run !== run || run.signal.aborted) return
      if (this.video.error) this.#damaged()
      else this.#failed(error)
    })
  }

  /** May be called at any time; plays as soon as there is something to play. */
  setPlaying(isPlaying: boolean, rate: number): void {
    this.#isPlaying = isPlaying
    this.#rate = rate
    if (this.video.playbackRate !== rate) this.video.playbackRate = rate
    this.#applyPlaying()
  }

  /** One picture on (1) or back (-1). */
  step(direction: 1 | -1): void {
    if (!this.#feed || (this.#state.kind !== 'ready' && this.#landingS === undefined)) return
    const nowS = this.#targetS ?? this.#shownS ?? this.video.currentTime
    const { frameTimes } = this.#feed
    const next =
      direction === 1
        ? frameTimes.find((time) => time > nowS + insideFrameS)
        : frameTimes.findLast((time) => time < nowS - insideFrameS)
    if (next !== undefined) this.seek(this.#feed.originMs + next * 1000)
    else if (direction === -1) this.seek(this.#feed.originMs + nowS * 1000 - 5)
  }

  /** Keeps the buffer in bounds and notices gaps and waiting. */
  tick(): void {
    if (this.#closed || !this.#feed) return
    this.#buffer.wake()
    if (this.#targetS !== undefined || this.#landingS !== undefined) return
    const { state } = this
    const restS = this.#buffer.restS()
    if (state.kind === 'gap' && state.untilMs === null && restS > 1) this.#set({ kind: 'ready' })
    if (state.kind === 'loading' && restS > 0.5) this.#set({ kind: 'ready' })
    if (state.kind === 'ready' && this.#isPlaying && restS < 0.08 * Math.max(1, this.#rate)) this.#ranDry(this.#feed)
  }

  close(): void {
    this.#closed = true
    this.#end.abort()
    clearTimeout(this.#retryTimer)
    this.#run?.abort()
    this.video.removeAttribute('src')
    this.video.load() // Gives the decoder back at once.
  }

  /** The pictures end here: a gap, the newest footage, other tracks, or bytes that are late. */
  #ranDry(feed: FootageFeed): void {
    const failure = this.#failure
    if (failure instanceof OtherTracksError) {
      this.#buffer.reset()
      this.seek(feed.originMs + failure.fromS * 1000)
      return
    }
    if (failure !== undefined) {
      this.#set({ kind: 'failed', error: failure })
      return
    }
    const atMs = feed.originMs + this.video.currentTime * 1000
    const gap = feed.gaps.find((g) => atMs >= g.fromMs - 500 && (g.untilMs === null || atMs < g.untilMs))
    this.#set(gap ? { kind: 'gap', untilMs: gap.untilMs } : { kind: 'loading' })
  }

  /** Shows the frame of the target, once the buffer has it. */
  #land(): void {
    const feed = this.#feed
    if (!feed || this.#targetS === undefined) return
    const { startS } = feed
    if (startS === undefined) return
    const targetS = this.#targetS
    const before = feed.frameTimes.findLast((time) => time <= targetS + insideFrameS)
    // Footage that begins a moment after the instant asked for is shown from its beginning.
    const frameS = Math.max(startS, before ?? startS)
    if (!this.#buffer.isBuffered(frameS + insideFrameS)) return
    this.#targetS = undefined
    this.#landingS = frameS
    this.#shownS = frameS
    this.#set({ kind: 'loading' })
    this.video.currentTime = frameS + insideFrameS
  }

  /** The frame is there; not earlier: until then the old picture is on screen. */
  #landed(): void {
    if (this.#landingS === undefined || this.video.seeking) return
    this.#landingS = undefined
    this.#set({ kind: 'ready' })
  }

  #feedFor(ms: number): FootageFeed {
    if (this.#feed && ms > this.#feed.originMs) return this.#feed
    this.#buffer.reset()
    this.#feed = new FootageFeed({
      originMs: Math.floor(ms) - originBackMs,
      source: this.#source,
      sink: this.#buffer,
    })
    return this.#feed
  }

  #positionS(): number {
    if (this.#targetS !== undefined) return this.#targetS
    const nowS = this.video.currentTime
    const isExact = this.video.paused && this.#shownS !== undefined && Math.abs(this.#shownS - nowS) < 1
    return isExact ? (this.#shownS ?? nowS) : nowS
  }

  #applyPlaying(): void {
    const shouldPlay = this.#isPlaying && this.#state.kind === 'ready'
    if (shouldPlay && this.video.paused) this.video.play().catch(() => {}) // A seek or pause came in between.
    if (!shouldPlay && !this.video.paused) this.video.pause()
  }

  #followFrames(): void {
    this.video.requestVideoFrameCallback((_now, frame) => {
      if (this.#closed) return
      this.#shownS = frame.mediaTime
      this.#followFrames()
    })
  }

  /** The decoder gave up: what follows may be sound again. */
  #damaged(): void {
    if (!this.#run) return
    this.#run.abort()
    this.#failed(new DamagedError(this.video.error?.message ?? ''), skippedMs)
  }

  /** Nothing more comes; what is in the buffer is still shown, unless the decoder is gone. */
  #failed(error: unknown, skipMs = 0): void {
    this.#run = undefined
    this.#landingS = undefined
    this.#failure = error
    const hasMore = this.#state.kind === 'ready' && !this.video.error && this.#buffer.restS() > 0
    if (!hasMore) this.#set({ kind: 'failed', error })
    // The server may be restarting, a decoder may have been taken away; the footage does not change by asking again.
    if (error instanceof UnplayableError || error instanceof OtherTracksError) return
    this.#retryTimer = setTimeout(() => {
      const { atMs } = this
      if (atMs !== undefined) this.seek(atMs + skipMs)
    }, retryMs)
  }

  #set(state: PlayerState): void {
    if (this.#closed) return
    const isSame = state.kind === this.#state.kind && state.kind !== 'gap' && state.kind !== 'failed'
    this.#state = state
    this.#applyPlaying()
    if (!isSame) this.#onChange()
  }
}
