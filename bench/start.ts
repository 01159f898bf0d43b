/** From the command to footage: how long a full installation takes to come up and to record again. */
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { RunningVedette } from '../test/support/running-vedette.ts'
import { readSentMs } from './footage.ts'
import { percentiles } from './percentiles.ts'
import type { BenchOptions, Section } from './section.ts'
import { type DatabaseName, type SeededFolder, withSeeded } from './seeded-vedette.ts'
import { openSimulatedCameras } from './simulated-cameras.ts'

interface StartResult {
  readonly readyMs: number
  readonly firstFrameMs: number
}

const starts = 5
const gopFrames = 25

export async function startSection({ rows }: BenchOptions): Promise<Section> {
  const found: { database: string; rows: number; results: readonly StartResult[] }[] = []
  for (const [database, count] of [
    ['SQLite', 0],
    ['SQLite', rows],
    ['PostgreSQL', rows],
  ] as const) {
    const results = await measureStarts(database, count)
    if (results) found.push({ database, rows: count, results })
  }
  const table = found.map(({ database, rows, results }) => {
    const ready = percentiles(
      results.map((result) => result.readyMs),
      0,
    )
    const frame = percentiles(
      results.map((result) => result.firstFrameMs),
      0,
    )
    return {
      database,
      'segments and events': rows,
      starts: results.length,
      'ready ms, p50': ready.p50,
      'ready ms, max': ready.max,
      'first frame on disk ms, p50': frame.p50,
      'first frame on disk ms, max': frame.max,
    }
  })
  return {
    name: 'start',
    title: 'Start to recording',
    command: `npm run bench -- --only start --rows ${rows}`,
    rows: table,
    targets: table
      .filter((row) => row['segments and events'] > 0)
      .map((row) => ({
        what: `start until ready with ${rows} segments and events, ${row.database}`,
        unit: 'ms',
        limit: 3000,
        measured: row['ready ms, max'],
      })),
    notes: [
      `From starting the program to the line that it is ready, and to the capture of the first frame that is on disk afterwards (one camera, a key frame every ${gopFrames / 25} s, for which it has to wait).`,
      ...(found.some(({ database }) => database === 'PostgreSQL')
        ? []
        : ['PostgreSQL is not installed: not measured.']),
    ],
  }
}

function measureStarts(database: DatabaseName, rows: number): Promise<StartResult[] | undefined> {
  return withSeeded(database, rows, async (seeded) => {
    const cameras = await openSimulatedCameras(1, ['--gop', String(gopFrames)])
    try {
      const first = await RunningVedette.open(seeded)
      await first.setUp()
      for (const { name, main } of cameras.cameras) await first.addCamera({ name, address: main })
      await recording(first)
      await first.stop()
      const results: StartResult[] = []
      for (let i = 0; i < starts; i++) results.push(await measureStart(seeded))
      return results
    } finally {
      await cameras.close()
    }
  })
}

async function measureStart(seeded: SeededFolder): Promise<StartResult> {
  const startMs = Date.now()
  const vedette = await RunningVedette.open(seeded)
  const readyMs = Date.now() - startMs
  try {
    await vedette.signIn()
    await recording(vedette)
    await wait(2000)
  } finally {
    await vedette.stop()
  }
  const sentMs = [...readSentMs(join(seeded.dataDir, 'footage')).values()].flat().filter((ms) => ms > startMs)
  return { readyMs, firstFrameMs: Math.round(Math.min(...sentMs) - startMs) }
}

async function recording(vedette: RunningVedette): Promise<void> {
  while (!(await vedette.cameras()).some((camera) => camera.status.recording)) await wait(50)
}
