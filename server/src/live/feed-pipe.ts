/**
 * Control's end of the live pipe: asks the recorder for feeds and gives each its frames.
 * The recorder may come and go: `attach` its pipe when it starts, and the feeds that are still wanted are asked for again.
 */
import type { Readable } from 'node:stream'
import type { StreamName } from '@vedette/shared/camera.ts'
import { readPipeMessages } from '../lib/message-pipe.ts'
import { type FeedHeader, type FeedRequest, feedHeader } from './feed-message.ts'

export interface FeedDoor {
  /** Sends a request to the recorder that is attached now; does nothing while there is none. */
  readonly ask: (request: FeedRequest) => void
  /** Told when the recorder wrote what is no feed message; the pipe is destroyed then. */
  readonly onNonsense: (error: unknown) => void
}

interface OpenedFeed {
  readonly cameraId: string
  readonly stream: StreamName
  readonly onFrame: (header: FeedHeader, payload: Uint8Array) => void
}

export class FeedPipe {
  readonly #door: FeedDoor
  readonly #feeds = new Map<number, OpenedFeed>()
  #lastFeed = 0

  constructor(door: FeedDoor) {
    this.#door = door
  }

  /** A recorder has started: reads its pipe and asks for all feeds that are open. */
  attach(pipe: Readable): void {
    readPipeMessages(pipe, (raw, payload) => {
      const header = feedHeader.safeParse(raw)
      if (!header.success) {
        pipe.destroy()
        this.#door.onNonsense(header.error)
        return
      }
      this.#feeds.get(header.data.feed)?.onFrame(header.data, payload)
    })
    for (const [feed, { cameraId, stream }] of this.#feeds) this.#door.ask({ live: 'open', feed, cameraId, stream })
  }

  open(cameraId: string, stream: StreamName, onFrame: OpenedFeed['onFrame']): { close(): void } {
    const feed = ++this.#lastFeed
    this.#feeds.set(feed, { cameraId, stream, onFrame })
    this.#door.ask({ live: 'open', feed, cameraId, stream })
    return {
      close: () => {
        if (this.#feeds.delete(feed)) this.#door.ask({ live: 'close', feed })
      },
    }
  }
}
