/**
 * Hands one camera stream to any number of viewers: one feed from the recorder while at least one watches.
 *
 * In:        feed messages (feed-message.ts) and camera states. Out: shared units to each viewer.
 * Not here:  a viewer's queue (live-session.ts), the pipe (feed-pipe.ts).
 * Invariant: a new viewer gets format, state and the current group of pictures at once, beginning with its key frame.
 *            The kept group is bounded; a longer one is cut to its key frame, so that the first picture still comes at once.
 */
import type { StreamName } from '@vedette/shared/camera.ts'
import type { LiveMetadata } from '@vedette/shared/live.ts'
import type { FeedHeader, LiveFormat, LiveState } from './feed-message.ts'
import { type LiveUnit, liveUnit } from './live-unit.ts'

export interface LiveViewer {
  tell(metadata: LiveMetadata): void
  push(unit: LiveUnit): void
  lost(frames: number): void
}

/** Starts a stream's frames; they end with close(). States come at once and whenever they change. */
export type OpenFeed = (
  cameraId: string,
  stream: StreamName,
  onFrame: (header: FeedHeader, payload: Uint8Array) => void,
  onState: (state: LiveState) => void,
) => { close(): void }

const maxGroupBytes = 12 * 1024 * 1024
const maxGroupUnits = 450

export class LiveHub {
  readonly #openFeed: OpenFeed
  readonly #feeds = new Map<string, Feed>()

  constructor(openFeed: OpenFeed) {
    this.#openFeed = openFeed
  }

  /** Adds a viewer; the returned function takes it away. */
  watch(cameraId: string, stream: StreamName, viewer: LiveViewer): () => void {
    const key = `${cameraId} ${stream}`
    let feed = this.#feeds.get(key)
    if (!feed) {
      feed = new Feed()
      this.#feeds.set(key, feed)
      feed.open(this.#openFeed, cameraId, stream)
    }
    feed.add(viewer)
    const joined = feed
    return () => {
      if (joined.remove(viewer) > 0 || this.#feeds.get(key) !== joined) return
      this.#feeds.delete(key)
      joined.close()
    }
  }

  /** Something for everybody who watches a camera, e.g. where it moves. */
  tell(cameraId: string, metadata: LiveMetadata): void {
    for (const stream of ['main', 'sub'] as const) this.#feeds.get(`${cameraId} ${stream}`)?.tell(metadata)
  }

  /** Viewers of a stream now. */
  viewers(cameraId: string, stream: StreamName): number {
    return this.#feeds.get(`${cameraId} ${stream}`)?.viewers ?? 0
  }

  close(): void {
    for (const feed of this.#feeds.values()) feed.close()
    this.#feeds.clear()
  }
}

class Feed {
  readonly #viewers = new Set<LiveViewer>()
  #upstream: { close(): void } | undefined
  #format: LiveFormat | undefined
  #state: LiveState | undefined
  #group: LiveUnit[] = []
  #groupBytes = 0
  /** The group outgrew its bound: only its key frame is kept. */
  #isCut = false

  get viewers(): number {
    return this.#viewers.size
  }

  open(openFeed: OpenFeed, cameraId: string, stream: StreamName): void {
    this.#upstream = openFeed(
      cameraId,
      stream,
      (header, payload) => this.#onFrame(header, payload),
      (state) => {
        this.#state = state
        this.tell(state)
      },
    )
  }

  add(viewer: LiveViewer): void {
    this.#viewers.add(viewer)
    if (this.#format) viewer.tell(this.#format)
    if (this.#state) viewer.tell(this.#state)
    for (const unit of this.#group) viewer.push(unit)
    // After a lone key frame the pictures in between are missing: the viewer goes on at the next key frame.
    if (this.#isCut) viewer.lost(0)
  }

  remove(viewer: LiveViewer): number {
    this.#viewers.delete(viewer)
    return this.#viewers.size
  }

  tell(metadata: LiveMetadata): void {
    for (const viewer of this.#viewers) viewer.tell(metadata)
  }

  close(): void {
    this.#upstream?.close()
    this.#upstream = undefined
    this.#group = []
  }

  #onFrame(header: FeedHeader, payload: Uint8Array): void {
    if (header.kind === 'format') {
      this.#format = header.format
      this.#startGroup([])
      this.tell(header.format)
      return
    }
    if (header.kind === 'video' && header.lost > 0) {
      this.#startGroup([])
      for (const viewer of this.#viewers) viewer.lost(header.lost)
    }
    const isKey = header.kind === 'video' && header.isKey
    const unit = liveUnit(header.kind, isKey, header.captureMs, payload)
    if (isKey) this.#startGroup([unit])
    else this.#keep(unit)
    for (const viewer of this.#viewers) viewer.push(unit)
  }

  #startGroup(units: LiveUnit[]): void {
    this.#group = units
    this.#groupBytes = units.reduce((sum, unit) => sum + unit.bytes.length, 0)
    this.#isCut = false
  }

  #keep(unit: LiveUnit): void {
    if (this.#group.length === 0 || this.#isCut) return
    this.#group.push(unit)
    this.#groupBytes += unit.bytes.length
    if (this.#group.length <= maxGroupUnits && this.#groupBytes <= maxGroupBytes) return
    this.#startGroup(this.#group.slice(0, 1))
    this.#isCut = true
  }
}
