/**
 * One camera's live picture in a box of the page: opens a source, falls back to the next transport when one cannot go on,
 * and changes streams without a black frame (the old picture stays until the new one has drawn).
 *
 * Out:       `LivePictureState`, a new object at each change.
 * Not here:  how sources work (webcodecs-picture.ts, mse-picture.ts, jpeg-picture.ts), words and buttons (tile.tsx).
 */
import type { StreamName } from '@vedette/shared/camera.ts'
import { mediaSourceClass } from '../media/media-source.ts'
import { chooseTransport, type Failures, type FallbackReason, type Transport } from './choose-transport.ts'
import { openJpegPicture } from './jpeg-picture.ts'
import type { Latency } from './latency.ts'
import { openMsePicture } from './mse-picture.ts'
import type { MotionBox, OpenSource, PictureSource, SourceReport } from './picture-source.ts'
import { openWebCodecsPicture } from './webcodecs-picture.ts'

export interface LivePictureState {
  /** What is on screen: nothing yet, moving pictures, or the last one of before. */
  readonly picture: 'none' | 'live' | 'held'
  readonly link: { readonly state: 'connecting' | 'open' } | { readonly state: 'lost'; readonly nextTryMs: number }
  readonly transport: Transport
  readonly reason: FallbackReason | null
  /** The codec that made a faster transport impossible. */
  readonly refusedCodec: string | null
  /** The stream on screen (not the one asked for, while that is on its way). */
  readonly stream: StreamName
  readonly width: number
  readonly height: number
  readonly latency: Latency | null
  readonly fps: number
  /** Since the camera was opened here. */
  readonly droppedFrames: number
  readonly pictureMs: number | null
  readonly boxes: readonly MotionBox[]
  readonly hasSound: boolean
}

const openers: Record<Transport, OpenSource> = {
  webcodecs: openWebCodecsPicture,
  mse: openMsePicture,
  jpeg: openJpegPicture,
}
/** Boxes are told while something moves; without news they are over. */
const boxesLastMs = 1500
const coverMs = 120

export class LivePicture {
  readonly #cameraId: string
  readonly #mode: 'auto' | Transport
  readonly #box: HTMLElement
  readonly #onChange: (state: LivePictureState) => void
  #state: LivePictureState
  /** On screen. */
  #shown: PictureSource | undefined
  /** On its way to the screen. */
  #next: PictureSource | undefined
  /** Covers the new one for a moment. */
  #leaving: PictureSource | undefined
  #failures: Failures = {}
  #wanted: StreamName
  #boxesTimer: ReturnType<typeof setTimeout> | undefined
  #isActive = true
  #isSoundOn = false
  #closed = false

  constructor(options: {
    cameraId: string
    mode: 'auto' | Transport
    stream: StreamName
    /** Pictures are put in here; the caller places them by CSS. */
    box: HTMLElement
    onChange: (state: LivePictureState) => void
  }) {
    this.#cameraId = options.cameraId
    this.#mode = options.mode
    this.#box = options.box
    this.#onChange = options.onChange
    this.#wanted = options.stream
    this.#state = { ...emptyState, stream: options.stream }
    this.#open()
  }

  get state(): LivePictureState {
    return this.#state
  }

  /** Changes the stream; what is on screen stays until the new one has drawn. */
  show(stream: StreamName): void {
    if (stream === this.#wanted || this.#closed) return
    this.#wanted = stream
    // What this browser cannot decode in one stream it may well in the other.
    this.#failures = {}
    this.#open()
  }

  /** Nobody looks: connections end, the last picture stays. */
  setActive(isActive: boolean): void {
    if (this.#closed || isActive === this.#isActive) return
    this.#isActive = isActive
    if (isActive) {
      this.#failures = {} // What failed then may work now.
      this.#open()
      return
    }
    discard(this.#next)
    this.#next = undefined
    this.#shown?.close()
    this.#set({ picture: this.#shown ? 'held' : 'none', link: { state: 'connecting' }, latency: null, boxes: [] })
  }

  setSound(isOn: boolean): void {
    this.#isSoundOn = isOn
    this.#shown?.setSound?.(isOn)
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#boxesTimer)
    for (const source of [this.#shown, this.#next, this.#leaving]) discard(source)
  }

  #open(): void {
    discard(this.#next)
    this.#next = undefined
    if (!this.#isActive) return
    const { transport, reason } = chooseTransport(this.#mode, abilities(), this.#failures)
    const stream = this.#wanted
    this.#set({ transport, reason, boxes: [], hasSound: false })
    const source: PictureSource = openers[transport](this.#cameraId, stream, (report) => {
      // A source may speak before this call returns; it is the next one then.
      queueMicrotask(() => this.#hear(source, stream, transport, report))
    })
    source.element.className = 'absolute inset-0 size-full object-contain'
    // Under the one on screen: it is seen once that one goes.
    this.#box.prepend(source.element)
    this.#next = source
  }

  #hear(source: PictureSource, stream: StreamName, transport: Transport, report: SourceReport): void {
    if (this.#closed || (source !== this.#shown && source !== this.#next)) return
    if (report.kind === 'failed') {
      this.#fallBack(source, transport, report)
      return
    }
    if (report.kind === 'picture') {
      this.#bringUp(source, stream, report)
      return
    }
    // While a new source comes up, only the one on screen tells about the picture.
    const isShown = source === this.#shown
    if (report.kind === 'measure') {
      const { kind: _, ...measure } = report
      if (isShown) this.#set(measure)
    } else if (report.kind === 'dropped') {
      this.#set({ droppedFrames: this.#state.droppedFrames + report.frames })
    } else if (report.kind === 'motion') {
      if (isShown) this.#showBoxes(report.boxes)
    } else if (report.kind === 'has_sound') {
      this.#set({ hasSound: report.hasSound })
    } else if (isShown || !this.#shown) {
      const picture = this.#state.picture === 'none' ? 'none' : 'held'
      this.#set({
        picture,
        link: report.kind === 'lost' ? { state: 'lost', nextTryMs: report.nextTryMs } : this.#trying(),
        latency: null,
        boxes: [],
      })
    }
  }

  #bringUp(source: PictureSource, stream: StreamName, size: { width: number; height: number }): void {
    if (source === this.#next) {
      this.#retire(this.#shown)
      this.#shown = source
      this.#next = undefined
    }
    source.setSound?.(this.#isSoundOn)
    const { width, height } = size
    this.#set({ picture: 'live', link: { state: 'open' }, stream, width, height })
  }

  /** Trying again after a loss is still the loss, or its words would flicker at each try. */
  #trying(): LivePictureState['link'] {
    return this.#state.link.state === 'lost' ? this.#state.link : { state: 'connecting' }
  }

  /** A picture that a worker has drawn is on screen some frames later: until then the old one covers it. */
  #retire(source: PictureSource | undefined): void {
    discard(this.#leaving)
    this.#leaving = source
    setTimeout(() => {
      discard(source)
      if (this.#leaving === source) this.#leaving = undefined
    }, coverMs)
  }

  #fallBack(
    source: PictureSource,
    transport: Transport,
    report: { why: 'codec' | 'failed'; codec: string | null },
  ): void {
    this.#failures = { ...this.#failures, [transport]: report.why }
    if (report.why === 'codec') this.#set({ refusedCodec: report.codec })
    // The one on screen failed: its last picture stays where it is.
    if (source === this.#shown) source.close()
    this.#open()
  }

  #showBoxes(boxes: readonly MotionBox[]): void {
    clearTimeout(this.#boxesTimer)
    this.#set({ boxes })
    if (boxes.length > 0) this.#boxesTimer = setTimeout(() => this.#set({ boxes: [] }), boxesLastMs)
  }

  #set(change: Partial<LivePictureState>): void {
    this.#state = { ...this.#state, ...change }
    if (!this.#closed) this.#onChange(this.#state)
  }
}

export const emptyState: LivePictureState = {
  picture: 'none',
  link: { state: 'connecting' },
  transport: 'webcodecs',
  reason: null,
  refusedCodec: null,
  stream: 'sub',
  width: 0,
  height: 0,
  latency: null,
  fps: 0,
  droppedFrames: 0,
  pictureMs: null,
  boxes: [],
  hasSound: false,
}

function discard(source: PictureSource | undefined): void {
  source?.element.remove()
  source?.close()
}

function abilities() {
  return {
    hasWebCodecs: 'VideoDecoder' in globalThis && 'transferControlToOffscreen' in HTMLCanvasElement.prototype,
    hasMediaSource: mediaSourceClass() !== undefined,
    isSecure: isSecureContext,
  }
}
