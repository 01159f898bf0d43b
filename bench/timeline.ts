/** The timeline page's one request on a million segments and a million events, for views from an hour to a year, on both databases. */
import { spawnSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { RunningVedette } from '../test/support/running-vedette.ts'
import { type Percentiles, percentiles } from './percentiles.ts'

export interface TimelineResult {
  readonly database: string
  readonly segments: number
  readonly events: number
  readonly seedS: number
  /** From the command to the line that it is ready. */
  readonly startMs: number
  readonly views: Readonly<Record<string, Percentiles>>
}

const hourMs = 3_600_000
const views = {
  hour: hourMs,
  day: 24 * hourMs,
  week: 7 * 24 * hourMs,
  month: 30 * 24 * hourMs,
  year: 365 * 24 * hourMs,
}
const requests = 200

export async function benchTimeline(rows: number, databaseUrl: string | undefined): Promise<TimelineResult> {
  const dataDir = await mkdtemp(join(tmpdir(), 'vedette-timeline-'))
  const environment = databaseUrl ? { VEDETTE_DATABASE_URL: databaseUrl } : {}
  try {
    const seedStartMs = performance.now()
    const main = resolve(import.meta.dirname, '../server/src/main.ts')
    const seed = spawnSync(
      process.execPath,
      [
        main,
        'seed',
        '--data',
        dataDir,
        '--segments',
        String(rows),
        '--events',
        String(rows),
        '--cameras',
        '8',
        '--json',
      ],
      { env: { ...process.env, ...environment }, encoding: 'utf8' },
    )
    if (seed.status !== 0) throw new Error(`seed failed: ${seed.stderr}`)
    const seedS = Math.round((performance.now() - seedStartMs) / 1000)
    const startedMs = performance.now()
    const vedette = await RunningVedette.open({ dataDir, environment })
    const startMs = Math.round(performance.now() - startedMs)
    await vedette.setUp()
    const results: Record<string, Percentiles> = {}
    for (const [name, spanMs] of Object.entries(views)) results[name] = await measureView(vedette, spanMs)
    await vedette.stop()
    return {
      database: databaseUrl ? 'PostgreSQL' : 'SQLite',
      segments: rows,
      events: rows,
      seedS,
      startMs,
      views: results,
    }
  } finally {
    await rm(dataDir, { recursive: true, force: true })
  }
}

async function measureView(vedette: RunningVedette, spanMs: number): Promise<Percentiles> {
  const times: number[] = []
  const nowMs = Date.now()
  for (let i = 0; i < requests; i++) {
    const toMs = nowMs - Math.floor(Math.random() * 60 * 24 * hourMs)
    const startMs = performance.now()
    const answer = await vedette.fetch(`/api/timeline?fromMs=${toMs - spanMs}&toMs=${toMs}&buckets=1400`)
    await answer.arrayBuffer()
    if (!answer.ok) throw new Error(`timeline answered ${answer.status}`)
    times.push(performance.now() - startMs)
  }
  return percentiles(times)
}
