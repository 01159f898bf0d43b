/**
 * The life of one segment on disk: create, append, sync now and then, close; and what becomes of it when the disk fails.
 * Operations come one after the other from stream-writer.ts and never reject: what went wrong is state, because a disk
 * that fails is expected. Not here: queueing and bounds (stream-writer.ts), bytes (segment-file.ts).
 */
import { initSegment } from '@vedette/shared/fmp4.ts'
import { AppError } from '../lib/app-error.ts'
import type { Clock } from '../lib/clock.ts'
import { newId } from '../lib/new-id.ts'
import { classifyDiskError, type RecordingVolume } from './disk-health.ts'
import type { BuiltFragment } from './fragment-builder.ts'
import type { ClosedNote, OpenedNote } from './note.ts'
import { codecStringOf, trackOf } from './recorded-audio.ts'
import type { SegmentClose, SegmentStart } from './recorder.ts'
import { type OpenNewFile, SegmentFile } from './segment-file.ts'
import { headBox, type SegmentHead } from './segment-format.ts'

/** Where a stream's chain of hashes goes on: its last segment. */
export interface ChainEnd {
  readonly sha256: string
  readonly seq: number
}

/**
 * closed: the note is true, the file is safe. unfinished: whole fragments are there, but no tail; to be recovered when
 * the disk is back. abandoned: a sync failed, so nobody knows what the disk holds. empty: no footage came into it.
 */
export type SegmentOutcome =
  | { readonly outcome: 'closed'; readonly note: ClosedNote; readonly chain: ChainEnd }
  | { readonly outcome: 'unfinished'; readonly opened: OpenedNote; readonly chain: ChainEnd }
  | { readonly outcome: 'abandoned'; readonly opened: OpenedNote; readonly reason: string }
  | { readonly outcome: 'empty'; readonly opened: OpenedNote | undefined }

export interface SegmentWritingOptions {
  readonly cameraId: string
  readonly stream: 'main' | 'sub'
  readonly volume: RecordingVolume
  readonly runId: string
  readonly installation: string | undefined
  readonly clock: Clock
  readonly openNew: OpenNewFile
}

/** A power cut loses at most this and what came meanwhile. */
const syncEveryMs = 5000

export class SegmentWriting {
  readonly #options: SegmentWritingOptions
  readonly #start: SegmentStart
  #file: SegmentFile | undefined
  #head: SegmentHead | undefined
  #opened: OpenedNote | undefined
  #frames = 0
  #endMs = 0
  #durationMs = 0
  #syncedAtMs = 0
  #isDirty = false
  #syncing: Promise<void> | undefined
  #error: unknown
  #syncError: unknown

  constructor(options: SegmentWritingOptions, start: SegmentStart) {
    this.#options = options
    this.#start = start
  }

  get failed(): boolean {
    return this.#error !== undefined || this.#syncError !== undefined
  }
  get error(): unknown {
    return this.#syncError ?? this.#error
  }
  get startMs(): number {
    return this.#start.startMs
  }
  get clockEpoch(): number {
    return this.#start.clockEpoch
  }
  /** End of the footage in the file. */
  get endMs(): number {
    return this.#endMs
  }

  /** Gives the segment up; the operation under way may still end, but nothing follows it. */
  fail(error: unknown): void {
    this.#error ??= error
    // What lies in the way of this stream's file says nothing about the volume.
    if (!(error instanceof AppError && error.code === 'conflict')) this.#options.volume.failed(error)
  }

  /** Resolves with the note when the file is there, even where its head could not be written. */
  async create(previous: ChainEnd | undefined): Promise<OpenedNote | undefined> {
    const { cameraId, stream, volume, runId, openNew, clock } = this.#options
    const { startMs, clockEpoch, video, audio } = this.#start
    try {
      await volume.checkMarker()
      const wanted = { cameraId, stream, fileMs: startMs }
      const file = await volume.write(() => SegmentFile.create(volume.path, wanted, openNew))
      this.#file = file
      this.#syncedAtMs = clock.monotonicMs()
      const head = this.#headAfter(previous)
      const { fileMs } = file.place
      const { id } = head
      this.#head = head
      this.#opened = { note: 'opened', id, cameraId, stream, volumeId: volume.id, fileMs, startMs, clockEpoch, runId }
      await volume.write(() => file.append([initSegment({ video, audio: audio && trackOf(audio) }), headBox(head)]))
    } catch (error) {
      this.fail(error)
    }
    return this.#opened
  }

  /** True when the fragment is in the file. */
  async append(fragment: BuiltFragment, endMs: number): Promise<boolean> {
    const file = this.#file
    if (!file || this.failed) return false
    try {
      await this.#options.volume.write(() => file.append(fragment.buffers))
    } catch (error) {
      this.fail(error)
      return false
    }
    this.#frames += fragment.frames
    this.#endMs = endMs
    this.#durationMs = fragment.endMs
    this.#isDirty = true
    this.syncIfDue()
    return true
  }

  /** Beside the queue: the next fragment does not wait for the platter. Also to be called while no footage comes. */
  syncIfDue(): void {
    const file = this.#file
    const nowMs = this.#options.clock.monotonicMs()
    if (!file || !this.#isDirty || this.#syncing || this.failed || nowMs - this.#syncedAtMs < syncEveryMs) return
    this.#syncedAtMs = nowMs
    this.#isDirty = false
    this.#syncing = this.#sync(file).then(() => {
      this.#syncing = undefined
    })
  }

  async close(close: SegmentClose): Promise<SegmentOutcome> {
    await this.#syncing
    const [file, opened, head] = [this.#file, this.#opened, this.#head]
    if (!file || !opened || !head || this.#frames === 0) {
      await file?.remove().catch((error: unknown) => this.fail(error))
      return { outcome: 'empty', opened }
    }
    const note = (await this.#seal(file, opened, head, close)) ?? (await this.#salvage(file, opened, head))
    await file.close().catch((error: unknown) => this.#options.volume.failed(error))
    if (this.#syncError !== undefined)
      return {
        outcome: 'abandoned',
        opened,
        reason: `The disk did not keep it: ${String(this.#syncError)}`.slice(0, 500),
      }
    const chain = { sha256: file.sha256, seq: head.seq }
    return note ? { outcome: 'closed', note, chain } : { outcome: 'unfinished', opened, chain }
  }

  #headAfter(previous: ChainEnd | undefined): SegmentHead {
    const { cameraId, stream, installation } = this.#options
    const { startMs, clockEpoch, run, video, audio } = this.#start
    return {
      v: 1,
      id: newId(startMs),
      ...(installation ? { installation } : {}),
      ...{ cameraId, stream, startMs, clockEpoch, run },
      prevSha256: previous?.sha256 ?? '',
      seq: previous ? previous.seq + 1 : 0,
      ...{ codec: video.codecString, width: video.width, height: video.height, hasAudio: audio !== undefined },
      ...(audio && { audioCodec: codecStringOf(audio) }),
    }
  }

  async #sync(file: SegmentFile): Promise<void> {
    try {
      await this.#options.volume.sync(() => file.sync())
    } catch (error) {
      // Where the volume was taken away nothing is known to be lost: the file is finished when it is back.
      if (classifyDiskError(error) === 'missing') this.#error ??= error
      else this.#syncError = error
      this.#options.volume.failed(error)
    }
  }

  async #seal(
    file: SegmentFile,
    opened: OpenedNote,
    head: SegmentHead,
    close: SegmentClose,
  ): Promise<ClosedNote | undefined> {
    if (this.failed) return undefined
    const { endMs, durationMs, end } = close
    const frames = this.#frames
    try {
      const sealed = await this.#options.volume.write(() => file.seal({ endMs, durationMs, frames, end }))
      await this.#sync(file)
      if (this.failed) return undefined
      const { prevSha256, codec, width, height, hasAudio } = head
      return { ...opened, note: 'closed', endMs, ...sealed, frames, prevSha256, codec, width, height, hasAudio }
    } catch (error) {
      this.fail(error)
      return undefined
    }
  }

  /** A full disk often still has room for the tail once the partial fragment is cut off. */
  async #salvage(file: SegmentFile, opened: OpenedNote, head: SegmentHead): Promise<ClosedNote | undefined> {
    if (this.#syncError !== undefined) return undefined
    const error = this.#error
    try {
      await this.#options.volume.write(() => file.cutToWhole())
    } catch {
      return undefined // The volume's state says already what is wrong.
    }
    this.#error = undefined
    const note = await this.#seal(file, opened, head, { endMs: this.#endMs, durationMs: this.#durationMs, end: 'disk' })
    this.#error ??= error
    return note
  }
}
