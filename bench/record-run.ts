/** One program recording N simulated cameras for a while: its CPU and memory, and the frames that are missing on disk. */
import { setTimeout as wait } from 'node:timers/promises'
import { RunningVedette } from '../test/support/running-vedette.ts'
import { readFootage } from './footage.ts'
import { readUsage, sumUsage } from './process-tree.ts'
import type { SimulatedCameras } from './simulated-cameras.ts'

export interface RecordResult {
  readonly what: string
  readonly cameras: number
  readonly seconds: number
  /** % of one core per camera. */
  readonly cpuPercent: number
  /** The same by process, where there are several. */
  readonly byProcess: Readonly<Record<string, number>>
  readonly pssMB: number
  readonly framesSent: number
  /** Numbers missing between the first and the last frame on disk. */
  readonly framesMissing: number
  /** From the last frame on disk of any camera until the program was told to stop, at most. */
  readonly tailMs: number
  readonly camerasRecorded: number
}

export interface RunningProgram {
  readonly pids: readonly number[]
  readonly folder: string
  stop(): Promise<unknown>
}

/** Code is compiled and clips are learned in this time. */
const warmUpMs = 15_000

export async function measureRecording(
  what: string,
  { cameras }: SimulatedCameras,
  program: RunningProgram,
  wantedS: number,
): Promise<RecordResult> {
  await wait(Math.min(warmUpMs, wantedS * 1000))
  const before = readUsage(program.pids)
  const startedMs = performance.now()
  await wait(wantedS * 1000)
  const after = readUsage(program.pids)
  const seconds = (performance.now() - startedMs) / 1000
  const stopMs = Date.now()
  await program.stop()
  const percent = (name?: string) =>
    round((100 * (sumUsage(after, 'cpuS', name) - sumUsage(before, 'cpuS', name))) / seconds / cameras.length, 3)
  const footage = [...readFootage(program.folder)].filter(([key]) => key.endsWith(' main')).map(([, stream]) => stream)
  const sum = (pick: (stream: (typeof footage)[number]) => number) =>
    footage.reduce((total, stream) => total + pick(stream), 0)
  return {
    what,
    cameras: cameras.length,
    seconds: Math.round(seconds),
    cpuPercent: percent(),
    byProcess: Object.fromEntries([...new Set(after.map(({ name }) => name))].map((name) => [name, percent(name)])),
    pssMB: round(sumUsage(after, 'pssBytes') / 1e6, 1),
    framesSent: sum((stream) => stream.last - stream.first + 1),
    framesMissing: sum((stream) => stream.missing),
    tailMs: Math.round(Math.max(...footage.map((stream) => stopMs - stream.lastSentMs))),
    camerasRecorded: footage.length,
  }
}

/** Vedette recording the main streams, and watching the sub streams where `watches`. */
export async function measureVedette(
  what: string,
  cameras: SimulatedCameras,
  { watches, seconds }: { readonly watches: boolean; readonly seconds: number },
): Promise<RecordResult> {
  const vedette = await RunningVedette.open()
  try {
    await vedette.setUp()
    for (const { name, main, sub } of cameras.cameras)
      await vedette.addCamera({
        name,
        address: main,
        ...(watches && sub ? { subAddress: sub } : {}),
        motion: { enabled: watches },
      })
    while (!(await vedette.cameras()).every((camera) => camera.status.recording)) await wait(250)
    const program = { pids: [vedette.process.pid ?? 0], folder: vedette.dataDir, stop: () => vedette.stop() }
    return await measureRecording(what, cameras, program, seconds)
  } finally {
    await vedette.close()
  }
}

const round = (value: number, digits: number) => Number(value.toFixed(digits))
