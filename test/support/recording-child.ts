/** A recorder of synthetic streams as a process of its own, to be killed: `node recording-child.ts <volume> <streams>`. */
import { PacketBus } from '../../server/src/ingest/packet-bus.ts'
import { WallClock } from '../../server/src/ingest/wall-clock.ts'
import { systemClock } from '../../server/src/lib/clock.ts'
import { silentLog } from '../../server/src/lib/log.ts'
import { newId } from '../../server/src/lib/new-id.ts'
import { RecordingVolume } from '../../server/src/record/disk-health.ts'
import { Journal } from '../../server/src/record/journal.ts'
import { RecordStream } from '../../server/src/record/record-stream.ts'
import { frame, volumeId } from './recording.ts'

const [, , path = '', streams = '1'] = process.argv
const clock = systemClock
const wall = new WallClock(clock)
const runId = newId(clock.nowMs())
const volume = new RecordingVolume({ id: volumeId, path, clock })
const journal = await Journal.open({ folder: `${path}/journal`, runId, clock, log: silentLog, send: () => {} })
const settings = { mode: 'continuous', preRollMs: 0, postRollMs: 0, recordAudio: false } as const
const buses = Array.from({ length: Number(streams) }, (_, i) => {
  const bus = new PacketBus(clock)
  const common = { source: bus, settings, volume, journal, runId, clock, wall, log: silentLog }
  new RecordStream({ ...common, cameraId: newId(clock.nowMs() + i), stream: 'main', cameraState: 'online' })
  return bus
})

const bornMs = clock.monotonicMs()
let sent = 0
setInterval(() => {
  for (; sent * 40 < clock.monotonicMs() - bornMs; sent++)
    for (const bus of buses)
      bus.publish(frame(sent * 40, sent % 50 === 0, { captureMs: wall.wallMs(bornMs + sent * 40) }))
}, 20)
process.stdout.write('recording\n')
