/**
 * The vision process: decodes what the recorder hands it, says what moves, makes pictures. Native code, no network, no database,
 * no secrets; it may crash at any time and costs no footage. Ends when its parent does.
 */
import { writeSync } from 'node:fs'
import { flushCompileCache } from 'node:module'
import { setPriority } from 'node:os'
import type { TriedDeed } from '@vedette/shared/sandbox.ts'
import { giveBackMemory } from './lib/give-back-memory.ts'
import { hardenProcess } from './lib/harden-process.ts'
import { openInheritedPipe } from './lib/inherited-pipe.ts'
import { readPipeMessages } from './lib/message-pipe.ts'
import { StillMaker } from './media/still.ts'
import { GrayScaler } from './media/to-gray.ts'
import { JpegEncoder } from './media/to-jpeg.ts'
import { tryRoute } from './net/try-route.ts'
import { hasNodePermissions, tryDeeds, tryProgram, trySignal } from './sandbox/try-deeds.ts'
import { StillDecoder } from './vision/decode-still.ts'
import { grayHeight, grayWidth } from './vision/grid.ts'
import { Growth } from './vision/growth.ts'
import { PreviewCamera } from './vision/preview-camera.ts'
import { type FromVision, type ToVision, toVision } from './vision/vision-messages.ts'
import { WatchCamera } from './vision/watch-camera.ts'

hardenProcess('vision')

const aliveEveryMs = 2000
/** Every camera's first pictures are decoded by then. */
const settledMs = 14_000
/** A packet that waited longer tells the past: the machine is too slow for all of them. */
const lateMs = 2000
/** Below recording and control, whatever the machine has to do. */
const lowerPriority = 10

/** With 60 cameras it takes a fraction of that; what goes beyond is somebody's doing. */
const maxRssBytes = 896 * 1024 * 1024

const growth = new Growth(maxRssBytes)
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

/** What stands in the parent's file: 0, or one more than the number of the camera whose bytes native code sees now. */
let marked = 0
const mark = Buffer.alloc(4)
function leaveMark(value: number): void {
  marked = value
  mark.writeUInt32LE(value)
  writeSync(5, mark, 0, 4, 0)
}

/** Runs native code on a camera's bytes: after a crash the mark says whose they were, and growth is counted as its own. */
function guard(index: number, work: () => void): void {
  if (marked === index + 1) return work()
  leaveMark(index + 1)
  if (growth.measure(index, work)) endTooLarge()
  leaveMark(0) // Not in a finally: what is thrown and not caught ends the process, and the mark stays.
}

/** The same where what is thrown is caught: the mark goes. */
function guardCaught(index: number, work: () => void): void {
  const thrown: unknown[] = []
  guard(index, () => {
    try {
      work()
    } catch (error) {
      thrown.push(error)
    }
  })
  if (thrown.length > 0) throw thrown[0]
}

/** Ends with the number of whoever grew it, or nobody's. */
function endTooLarge(): never {
  const culprit = growth.culprit()
  leaveMark(culprit === undefined ? 0 : culprit + 1)
  process.exit(1)
}

function handle(message: ToVision, payload: Buffer): void {
  switch (message.do) {
    case 'packet': {
      const camera = cameras.get(message.cameraId)
      if (!camera) return
      // A copy: the payload is a piece of the pipe's buffer, and packets are held for a GOP.
      const packet = { isKey: message.isKey, atMs: message.atMs, data: Buffer.from(payload) }
      const isLate = Date.now() - message.sentMs > lateMs
      return guard(camera.index, () => camera.watch.packet(message.codec, packet, isLate))
    }
    case 'decode':
      return void decode(message, payload)
    case 'try':
      return void tryAll(message)
    default: {
      const camera = cameras.get(message.cameraId)
      if (camera) growth.forget(camera.index)
      void camera?.watch.close()
      cameras.delete(message.cameraId)
      if (message.do === 'watch') cameras.set(message.cameraId, { index: message.index, watch: openWatch(message) })
    }
  }
}

function openWatch({ cameraId, index, motion }: Extract<ToVision, { do: 'watch' }>): WatchCamera | PreviewCamera {
  if (motion) return new WatchCamera(cameraId, motion, { tools, sink, guard: (work) => guard(index, work) })
  return new PreviewCamera(cameraId, { tools, sink, guard: (work) => guardCaught(index, work) })
}

async function decode(request: Extract<ToVision, { do: 'decode' }>, payload: Buffer): Promise<void> {
  const { codec, maxWidth, index, requestId } = request
  const bytes = Buffer.from(payload) // A copy, because it waits for its turn.
  const units: Buffer[] = []
  let at = 0
  for (const unitBytes of request.unitBytes) {
    units.push(bytes.subarray(at, at + unitBytes))
    at += unitBytes
  }
  const guarded = index === null ? {} : { guard: (work: () => void) => guardCaught(index, work) }
  const jpeg = await stillDecoder.decode({ codec, units, maxWidth, ...guarded })
  say({ say: 'decoded', requestId, jpeg: jpeg ?? null })
}

/** Tries from inside what must not be possible here, for the status page. */
async function tryAll(deeds: Extract<ToVision, { do: 'try' }>): Promise<void> {
  const refusal = await tryRoute()
  const tried: TriedDeed[] = [
    ...tryDeeds(deeds),
    tryProgram(process.execPath),
    ...trySignal(deeds),
    { deed: 'reach_network', refused: refusal !== undefined, answer: refusal ?? 'there is a route' },
  ]
  say({ say: 'tried', hasNodePermissions: hasNodePermissions(), tried })
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
setTimeout(giveBackMemory, settledMs)
setInterval(sayAlive, aliveEveryMs)
flushCompileCache() // It is always ended by a signal, after which nothing would be kept.
