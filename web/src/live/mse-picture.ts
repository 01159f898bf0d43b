/**
 * Live picture by MediaSource: for browsers without WebCodecs (pages without HTTPS) and for cameras forced to it.
 * Stays near the live edge by playing a little faster, or by a jump when far behind; holds a few seconds at most.
 */
import type { StreamName } from '@vedette/shared/camera.ts'
import { type LiveFrame, liveType } from '@vedette/shared/live-frame.ts'
import { parseLiveMetadata } from '../api/live-metadata.ts'
import { LiveSocket, liveUrl, preciseNowMs } from '../api/live-socket.ts'
import { attachMediaSource, canPlay } from '../media/media-source.ts'
import { SourceBufferQueue } from '../media/source-buffer-queue.ts'
import { chaseLiveEdge } from './chase-live-edge.ts'
import { ClockOffset } from './clock-offset.ts'
import { InStep } from './in-step.ts'
import { LatencyWindow } from './latency.ts'
import { FragmentMaker, type LiveFormat } from './mse-fragments.ts'
import type { OpenSource, PictureSource, Report, SourceReport } from './picture-source.ts'

/** Video kept behind the picture; the rest is given back. */
const keptS = 4
/** Frames that wait for the SourceBuffer; more means it does not keep up. */
const maxWaiting = 200
const maxFailures = 3

export const openMsePicture: OpenSource = (cameraId, stream, report) => new MsePicture(cameraId, stream, report)

class MsePicture implements PictureSource {
  readonly element = document.createElement('video')
  readonly #report: Report
  readonly #socket: LiveSocket
  readonly #clock = new ClockOffset()
  readonly #window = new LatencyWindow()
  readonly #boxes = new InStep<SourceReport>()
  readonly #timer: ReturnType<typeof setInterval>
  #format: LiveFormat | undefined
  #maker: FragmentMaker | undefined
  #queue: SourceBufferQueue | undefined
  #opening: Promise<void> = Promise.resolve()
  #waiting = 0
  #failures = 0
  #drawnFrames = 0
  #pictureMs: number | null = null
  #hasPicture = false
  #closed = false

  constructor(cameraId: string, stream: StreamName, report: Report) {
    this.#report = report
    this.element.muted = true
    this.element.playsInline = true
    this.element.disablePictureInPicture = false
    this.#followFrames()
    this.#timer = setInterval(() => this.#measure(), 1000)
    this.#socket = new LiveSocket(liveUrl(cameraId, stream), {
      frame: (frame) => this.#frame(frame),
      metadata: (json) => {
        const metadata = parseLiveMetadata(json)
        if (!metadata) return
        if (metadata.kind === 'format') this.#setFormat(metadata)
        else if (metadata.kind === 'motion') this.#pass(this.#boxes.add(metadata.atMs, metadata))
        else if (metadata.kind !== 'state') report(metadata)
      },
      link: (link) => {
        if (link.state === 'open') return
        this.#hasPicture = false
        report(link.state === 'lost' ? { kind: 'lost', nextTryMs: link.nextTryMs } : { kind: link.state })
      },
      echo: (sentMs, serverMs, receivedMs) => this.#clock.add(sentMs, serverMs, receivedMs),
    })
    this.#socket.open()
  }

  close(): void {
    this.#closed = true
    clearInterval(this.#timer)
    this.#socket.close()
    this.element.pause()
    if (this.element.isConnected) return // Stays as the last picture.
    this.element.removeAttribute('src')
    this.element.load() // Gives the decoder back at once.
  }

  #setFormat(format: LiveFormat): void {
    if (!canPlay(mimeOf(format))) {
      this.#fail('codec', format.codec)
      return
    }
    this.#format = format
    this.#maker = undefined
    this.#queue = undefined
  }

  #frame(frame: LiveFrame): void {
    if (this.#closed || frame.type !== liveType.video || !this.#format) return
    if (!this.#maker) {
      if (!frame.isKey) return
      this.#maker = new FragmentMaker(this.#format)
      this.#openSource(this.#maker, mimeOf(this.#format))
    }
    const bytes = this.#waiting < maxWaiting ? this.#maker.add(frame) : undefined
    if (bytes) {
      this.#append(bytes)
      return
    }
    // A jump in time or a browser that does not keep up: begin again at the next key frame.
    this.#report({ kind: 'dropped', frames: 1 })
    this.#maker = undefined
    this.#queue = undefined
  }

  #openSource(maker: FragmentMaker, mime: string): void {
    this.#waiting = 0
    this.#opening = attachMediaSource(this.element).then((source) => {
      if (this.#closed || this.#maker !== maker) return
      this.#queue = new SourceBufferQueue(source.addSourceBuffer(mime))
    })
    this.#opening.catch(() => this.#fail('failed', null))
  }

  #append(bytes: Uint8Array<ArrayBuffer>): void {
    const maker = this.#maker
    this.#waiting += 1
    this.#opening
      .then(() => (this.#maker === maker ? this.#queue?.append(bytes) : undefined))
      .then(
        () => {
          if (this.#maker !== maker || this.#closed) return
          this.#waiting -= 1
          this.#stayLive()
        },
        () => {
          if (this.#maker === maker) this.#refused()
        },
      )
  }

  #refused(): void {
    if (this.#closed) return
    this.#failures += 1
    if (this.#failures >= maxFailures) {
      this.#fail('failed', this.#format?.codec ?? null)
      return
    }
    this.#maker = undefined
    this.#queue = undefined
  }

  #stayLive(): void {
    const video = this.element
    const { buffered } = video
    const last = buffered.length - 1
    // A jump while one is going on would only put the picture off again.
    if (last < 0 || !this.#queue || video.seeking) return
    const plan = chaseLiveEdge({
      positionS: video.currentTime,
      startS: buffered.start(last),
      endS: buffered.end(last),
      isPlaying: !video.paused && this.#hasPicture,
    })
    if (plan.seekToS !== undefined) video.currentTime = plan.seekToS
    if (video.playbackRate !== plan.rate) video.playbackRate = plan.rate
    // A browser that forbids playing by itself still shows the newest picture after each jump.
    if (video.paused) video.play().catch(() => {})
    if (buffered.start(0) < video.currentTime - 2 * keptS) {
      this.#queue.remove(0, video.currentTime - keptS).catch(() => {})
    }
  }

  #followFrames(): void {
    this.element.requestVideoFrameCallback((_now, frame) => {
      if (this.#closed) return
      this.#followFrames()
      this.#drawnFrames += 1
      const baseS = this.#maker?.baseS
      if (baseS !== undefined) {
        const offsetMs = this.#clock.offsetMs ?? 0
        const captureMs = (baseS + frame.mediaTime) * 1000
        this.#pictureMs = captureMs - offsetMs
        this.#pass(this.#boxes.shown(captureMs))
        if (this.#hasPicture) this.#window.add(preciseNowMs(), preciseNowMs() + offsetMs - captureMs)
      }
      if (this.#hasPicture) return
      this.#hasPicture = true
      this.#report({ kind: 'picture', width: frame.width, height: frame.height })
    })
  }

  #pass(report: SourceReport | undefined): void {
    if (report) this.#report(report)
  }

  #measure(): void {
    const latency = this.#window.read(preciseNowMs()) ?? null
    this.#report({
      kind: 'measure',
      latency,
      fps: this.#drawnFrames,
      pictureMs: this.#pictureMs,
    })
    this.#drawnFrames = 0
  }

  #fail(why: 'codec' | 'failed', codec: string | null): void {
    if (this.#closed) return
    this.#socket.close()
    this.#report({ kind: 'failed', why, codec })
  }
}

const mimeOf = (format: LiveFormat): string => `video/mp4; codecs="${format.codec}"`
