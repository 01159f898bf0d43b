/**
 * The recorder's end of the live pipe: copies a stream's packets to control while control wants them.
 *
 * In:        packets from a stream's bus, from its last key frame on. Out: messages on one pipe for all feeds.
 * Not here:  viewers; control has one feed per stream however many watch.
 * Invariant: nobody waits. When control does not take what is in the pipe, each feed drops to its next key frame and says
 *            how many frames it dropped; the pipe never holds more than `maxPipeBytes` and one frame.
 */
import type { Writable } from 'node:stream'
import type { StreamName } from '@vedette/shared/camera.ts'
import { writePipeMessage } from '../lib/message-pipe.ts'
import { type AudioFormat, annexB, type MediaFormat, type Packet, type VideoFormat } from '../lib/packet.ts'
import type { FeedHeader, FeedRequest } from './feed-message.ts'
import { describeFormat } from './live-format.ts'

/** What a feed needs of a stream (ingest/packet-bus.ts). */
export interface FeedSource {
  /** Calls `take` for each packet from the last key frame on, and at once for those that are kept; gives the way to end it. */
  tap(take: (packet: Packet) => void): () => void
  /** The sound that comes with the pictures, where the camera has said so already. */
  audioFormat(): AudioFormat | undefined
}

export interface LiveFeedsOptions {
  readonly pipe: Writable
  /** The running pipeline of a stream; undefined while there is none. */
  readonly findSource: (cameraId: string, stream: StreamName) => FeedSource | undefined
  readonly maxPipeBytes?: number
}

const none = new Uint8Array(0)

export class LiveFeeds {
  readonly #options: LiveFeedsOptions
  readonly #feeds = new Map<number, Feed>()

  constructor(options: LiveFeedsOptions) {
    this.#options = options
    // Control is gone: nobody watches. Recording goes on.
    options.pipe.on('error', () => this.close())
  }

  handle(request: FeedRequest): void {
    const { feed } = request
    this.#feeds.get(feed)?.close()
    this.#feeds.delete(feed)
    if (request.live === 'close') return
    const opened = new Feed(feed, request.cameraId, request.stream, this.#options)
    this.#feeds.set(feed, opened)
    opened.start()
  }

  /** A camera's pipeline was built (again): feeds that want it start over. */
  sourceChanged(cameraId: string): void {
    for (const feed of this.#feeds.values()) if (feed.cameraId === cameraId) feed.start()
  }

  /** Frames dropped because the pipe was full, over the feeds that are open. */
  get dropped(): number {
    return [...this.#feeds.values()].reduce((sum, feed) => sum + feed.dropped, 0)
  }

  close(): void {
    for (const feed of this.#feeds.values()) feed.close()
    this.#feeds.clear()
  }
}

class Feed {
  readonly feed: number
  readonly cameraId: string
  readonly #stream: StreamName
  readonly #options: LiveFeedsOptions
  readonly #maxPipeBytes: number
  #endTap: (() => void) | undefined
  #video: VideoFormat | undefined
  #audio: AudioFormat | undefined
  #waitsForKey = true
  #lost = 0
  #dropped = 0

  constructor(feed: number, cameraId: string, stream: StreamName, options: LiveFeedsOptions) {
    this.feed = feed
    this.cameraId = cameraId
    this.#stream = stream
    this.#options = options
    this.#maxPipeBytes = options.maxPipeBytes ?? 8 * 1024 * 1024
  }

  get dropped(): number {
    return this.#dropped
  }

  /** Starts, or starts over, with the pipeline that runs now; without one it waits for the next start(). */
  start(): void {
    this.close()
    const source = this.#options.findSource(this.cameraId, this.#stream)
    if (!source) return
    this.#video = undefined
    this.#waitsForKey = true
    this.#endTap = source.tap((packet) => {
      if (packet.format.kind === 'video') this.#sendVideo(packet, packet.format, source)
      else this.#sendAudio(packet)
    })
  }

  close(): void {
    this.#endTap?.()
    this.#endTap = undefined
  }

  #sendVideo(packet: Packet, format: VideoFormat, source: FeedSource): void {
    if (format !== this.#video) this.#waitsForKey = true
    const pending = this.#options.pipe.writableLength
    if (pending + packet.data.length > this.#maxPipeBytes || (this.#waitsForKey && !packet.isKey)) {
      this.#waitsForKey = true
      this.#countLost()
      return
    }
    // Sound is announced with a format only, and a format comes only before a key frame: new sound waits for one.
    const audio = source.audioFormat()
    if (format !== this.#video || (packet.isKey && !sameFormat(audio, this.#audio))) {
      this.#write({ kind: 'format', feed: this.feed, format: describeFormat(format, audio) }, none)
      this.#video = format
      this.#audio = audio
    }
    this.#waitsForKey = false
    const { isKey, captureMs } = packet
    this.#write({ kind: 'video', feed: this.feed, isKey, captureMs, lost: this.#lost }, annexB(packet))
    this.#lost = 0
  }

  /** Pictures before the first one that was sent are not missed by anybody. */
  #countLost(): void {
    if (!this.#video) return
    this.#lost += 1
    this.#dropped += 1
  }

  #sendAudio(packet: Packet): void {
    if (this.#waitsForKey || !sameFormat(packet.format, this.#audio)) return
    if (this.#options.pipe.writableLength > this.#maxPipeBytes) return
    this.#write({ kind: 'audio', feed: this.feed, captureMs: packet.captureMs }, packet.data)
  }

  #write(header: FeedHeader, payload: Uint8Array): void {
    if (this.#options.pipe.writable) writePipeMessage(this.#options.pipe, header, payload)
  }
}

function sameFormat(a: MediaFormat | undefined, b: AudioFormat | undefined): boolean {
  if (a === b) return true
  if (a?.kind !== 'audio' || !b) return false
  return a.codec === b.codec && a.sampleRate === b.sampleRate && a.channels === b.channels && a.config.equals(b.config)
}
