/**
 * The vision process: decodes what the recorder hands it, says what moves, makes pictures. Native code, no network, no database,
 * no secrets; it may crash at any time and costs no footage. Ends when its parent does.
 */
import { writeSync } from 'node:fs'
import { flushCompileCache } from 'node:module'
import { setPriority } from 'node:os'
import { openInheritedPipe } from './lib/inherited-pipe.ts'
import { readPipeMessages } from './lib/message-pipe.ts'
import { StillMaker } from './media/still.ts'
import { GrayScaler } from './media/to-gray.ts'
import { JpegEncoder } from './media/to-jpeg.ts'
import { StillDecoder } from './vision/decode-still.ts'
import { grayHeight, grayWidth } from './vision/grid.ts'
import { PreviewCamera } from './vision/preview-camera.ts'
import { type FromVision, type ToVision, toVision } from './vision/vision-messages.ts'
import { WatchCamera } from './vision/watch-camera.ts'

const aliveEveryMs = 2000
/** A packet that waited longer tells the past: the machine is too slow for all of them. */
const lateMs = 2000
/** Below recording and control, whatever the machine has to do. */
const lowerPriority = 10

const tools = {
  gray: new GrayScaler({ width: grayWidth, height: grayHeight }),
  stills: new StillMaker(),
  jpeg: new JpegEncoder(),
}
const stillDecoder = new StillDecoder(tools)
const cameras = new Map<string, { readonly index: number; readonly watch: WatchCamera | PreviewCamera }>()
const say = (message: FromVision) => {
  if (process.connected) process.send?.(message, undefined, {}, () => {})
}
const sink = {
  onObservation: (observation: Extract<FromVision, { say: 'observation' }>['observation']) =>
    say({ say: 'observation', observation }),
  onPreview: (cameraId: string, atMs: number, jpeg: Uint8Array) => say({ say: 'preview', cameraId, atMs, jpeg }),
}

/** Leaves a mark in the parent's file before native code sees a camera's bytes: after a crash it says whose they were. */
const mark = Buffer.alloc(4)
function leaveMark(index: number): void {
  mark.writeUInt32LE(index)
  writeSync(5, mark, 0, 4, 0)
}

function handle(message: ToVision, payload: Buffer): void {
  if (message.do === 'packet') {
    const camera = cameras.get(message.cameraId)
    if (!camera) return
    leaveMark(camera.index + 1)
    // A copy: the payload is a piece of the pipe's buffer, and packets are held for a GOP.
    const packet = { isKey: message.isKey, atMs: message.atMs, data: Buffer.from(payload) }
    camera.watch.packet(message.codec, packet, Date.now() - message.sentMs > lateMs)
    leaveMark(0)
    return
  }
  if (message.do === 'decode') return void decode(message, payload)
  void cameras.get(message.cameraId)?.watch.close()
  cameras.delete(message.cameraId)
  if (message.do === 'watch') cameras.set(message.cameraId, { index: message.index, watch: openWatch(message) })
}

function openWatch({ cameraId, index, motion }: Extract<ToVision, { do: 'watch' }>): WatchCamera | PreviewCamera {
  if (motion) return new WatchCamera(cameraId, motion, { tools, sink })
  const guard = (work: () => void) => {
    leaveMark(index + 1)
    work()
    leaveMark(0)
  }
  return new PreviewCamera(cameraId, { tools, sink, guard })
}

async function decode(request: Extract<ToVision, { do: 'decode' }>, payload: Buffer): Promise<void> {
  const bytes = Buffer.from(payload) // A copy, because it waits for its turn.
  const units: Buffer[] = []
  let at = 0
  for (const unitBytes of request.unitBytes) {
    units.push(bytes.subarray(at, at + unitBytes))
    at += unitBytes
  }
  const jpeg = await stillDecoder.decode({ codec: request.codec, units, maxWidth: request.maxWidth })
  say({ say: 'decoded', requestId: request.requestId, jpeg: jpeg ?? null })
}

setPriority(lowerPriority)
process.on('disconnect', () => process.exit(0))
for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => {})
readPipeMessages(openInheritedPipe(4), (header, payload) => handle(toVision.parse(header), payload))
function sayAlive(): void {
  const counts = [...cameras.values()].map(({ watch }) => watch.counts)
  const sum = (pick: (count: (typeof counts)[number]) => number) =>
    counts.reduce((total, count) => total + pick(count), 0)
  say({
    say: 'alive',
    rssBytes: process.memoryUsage.rss(),
    decoded: sum((c) => c.decoded),
    dropped: sum((c) => c.dropped),
  })
}
sayAlive()
setInterval(sayAlive, aliveEveryMs)
flushCompileCache() // It is always ended by a signal, after which nothing would be kept.
