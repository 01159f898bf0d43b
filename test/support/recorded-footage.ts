/** Real segment files in a temporary volume, cut by the product's recorder, with an index in memory. */
import { createHash, type Hash } from 'node:crypto'
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { StreamName } from '@vedette/shared/camera.ts'
import { initSegment } from '@vedette/shared/fmp4.ts'
import { newId } from '../../server/src/lib/new-id.ts'
import type { Packet } from '../../server/src/lib/packet.ts'
import type { ClosedSegment, FootageDeps, OpenSegment } from '../../server/src/live/footage.ts'
import { openSegmentFile, readSegmentHead, readSegmentIndex } from '../../server/src/record/read-segment.ts'
import { Recorder, type SegmentStart } from '../../server/src/record/recorder.ts'
import { headBox, parseTailBox, tailBox, tailBytes } from '../../server/src/record/segment-format.ts'
import { segmentPath } from '../../server/src/record/segment-path.ts'
import { cameraA, volumeV } from './segments.ts'

export class RecordedFootage implements Disposable {
  readonly root = mkdtempSync(join(tmpdir(), 'vedette-footage-'))
  readonly segments: ClosedSegment[] = []
  readonly open: OpenSegment[] = []

  pathOf(segment: OpenSegment): string {
    return join(this.root, segmentPath(segment))
  }
  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true })
  }

  /** Records packets (by capture time) as one camera's stream; `leaveOpen` ends as a recorder that still runs. */
  record(
    packets: readonly Packet[],
    options: { maxSegmentMs?: number; leaveOpen?: boolean; stream?: StreamName } = {},
  ): void {
    const recorder = new Recorder({
      door: {
        mayOpen: () => true,
        isFull: () => false,
        open: (start) => this.#openFile(start, options.stream ?? 'main'),
      },
      recordAudio: true,
      monotonicMs: () => 0,
      clockEpoch: () => 0,
      maxSegmentMs: options.maxSegmentMs ?? 60_000,
    })
    for (const packet of packets) recorder.take(packet)
    if (!options.leaveOpen) recorder.stop()
  }

  deps(): FootageDeps {
    const places = (cameraId: string, stream: StreamName) =>
      this.segments.filter((s) => s.cameraId === cameraId && s.stream === stream).sort((a, b) => a.startMs - b.startMs)
    return {
      findSegment: async (id) => this.segments.find((s) => s.id === id),
      listSegments: async ({ cameraId, stream, fromMs, toMs, limit }) =>
        places(cameraId, stream)
          .filter((s) => s.startMs < toMs && s.endMs > fromMs)
          .slice(0, limit),
      nextSegmentAfter: async (cameraId, stream, atMs) => places(cameraId, stream).find((s) => s.startMs >= atMs),
      openSegments: () => this.open,
      volumePath: (volumeId) => (volumeId === volumeV ? this.root : undefined),
      files: { segmentPath, openSegmentFile, readSegmentHead, readSegmentIndex, parseTailBox, tailBytes },
    }
  }

  #openFile(start: SegmentStart, stream: StreamName) {
    const { startMs, clockEpoch, run, video, audio } = start
    const id = newId(startMs)
    const segment: OpenSegment = {
      id,
      cameraId: cameraA,
      stream,
      volumeId: volumeV,
      fileMs: startMs,
      startMs,
      clockEpoch,
    }
    const path = this.pathOf(segment)
    mkdirSync(dirname(path), { recursive: true })
    const file = new HashedFile(path)
    const aac = audio?.codec === 'aac' ? { ...audio, codec: audio.codec } : undefined
    file.write(initSegment({ video, audio: aac }))
    file.write(
      headBox({
        v: 1,
        id,
        cameraId: cameraA,
        stream,
        startMs,
        clockEpoch,
        run,
        prevSha256: '',
        seq: this.segments.length,
        codec: video.codecString,
        width: video.width,
        height: video.height,
        hasAudio: audio !== undefined,
      }),
    )
    this.open.push(segment)
    let frames = 0
    return {
      failed: false,
      append: (fragment: { buffers: readonly Uint8Array[]; frames: number }) => {
        frames += fragment.frames
        for (const buffer of fragment.buffers) file.write(buffer)
      },
      close: ({ endMs, durationMs, end }: { endMs: number; durationMs: number; end: 'full' }) => {
        file.close(tailBox({ v: 1, sha256: file.sha256, endMs, frames, durationMs, end }))
        this.open.splice(this.open.indexOf(segment), 1)
        this.segments.push({ ...segment, endMs, sizeBytes: file.sizeBytes })
      },
    }
  }
}

class HashedFile {
  sizeBytes = 0
  readonly #file: number
  readonly #hash: Hash = createHash('sha256')

  constructor(path: string) {
    this.#file = openSync(path, 'wx')
  }
  get sha256(): string {
    return this.#hash.copy().digest('hex')
  }
  write(bytes: Uint8Array): void {
    writeSync(this.#file, bytes)
    this.#hash.update(bytes)
    this.sizeBytes += bytes.length
  }
  close(tail: Uint8Array): void {
    this.write(tail)
    closeSync(this.#file)
  }
}

/** The same packets `byMs` later, in another run where the camera was away meanwhile. */
export function later(packets: readonly Packet[], byMs: number, run?: number): Packet[] {
  return packets.map((packet) => ({
    ...packet,
    run: run ?? packet.run,
    captureMs: packet.captureMs + byMs,
    pts: run === undefined ? packet.pts + (byMs * packet.timescale) / 1000 : packet.pts,
  }))
}

/** Pictures and sound of one camera in the order in which they would arrive. */
export function interleave(...streams: readonly (readonly Packet[])[]): Packet[] {
  return streams.flat().sort((a, b) => a.captureMs - b.captureMs)
}
