/** One stream's recorder and writer on a real folder, with a manual clock; `remove` takes the folder away. */
import { join } from 'node:path'
import { ManualClock } from '../../server/src/lib/clock.ts'
import { silentLog } from '../../server/src/lib/log.ts'
import type { Packet } from '../../server/src/lib/packet.ts'
import type { RecordingVolume } from '../../server/src/record/disk-health.ts'
import type { ClosedNote, Note } from '../../server/src/record/note.ts'
import { Recorder } from '../../server/src/record/recorder.ts'
import { createFile, type OpenNewFile } from '../../server/src/record/segment-file.ts'
import { segmentPath } from '../../server/src/record/segment-path.ts'
import { StreamWriter } from '../../server/src/record/stream-writer.ts'
import { cameraId, runId, temporaryVolume } from './recording.ts'

export interface WrittenStreamOptions {
  /** The stream's clock begins here. */
  readonly startMs: number
  readonly openNew?: OpenNewFile
  readonly maxQueueBytes?: number
  /** Another volume than a temporary folder, and its path. */
  readonly volume?: RecordingVolume
  readonly path?: string
}

export function writtenStream(options: WrittenStreamOptions) {
  const clock = new ManualClock(options.startMs)
  const temporary = temporaryVolume(clock)
  const notes: Note[] = []
  const spans: [string, number, number][] = []
  const volume = options.volume ?? temporary.volume
  const writer = new StreamWriter({
    ...{ cameraId, stream: 'main', volume, runId, installation: undefined, clock, log: silentLog, previous: undefined },
    openNew: options.openNew ?? createFile,
    note: (note) => void notes.push(note),
    onWritten: (from, to) => void spans.push(['written', from, to]),
    onLost: (from, to) => void spans.push(['lost', from, to]),
    maxQueueBytes: options.maxQueueBytes,
  })
  const recorder = new Recorder({
    ...{ door: writer, recordAudio: true, clockEpoch: () => 0, monotonicMs: () => clock.monotonicMs() },
  })
  const feed = (packets: readonly Packet[]) => {
    for (const packet of packets) recorder.take(packet)
  }
  const closed = () => notes.filter((note): note is ClosedNote => note.note === 'closed')
  const path = options.path ?? temporary.path
  const pathOf = (note: ClosedNote) => join(path, segmentPath(note))
  return { clock, volume, path, notes, spans, writer, recorder, feed, closed, pathOf, remove: temporary.remove }
}
