/** The timeline page's one request on a million segments and a million events, for views from an hour to a year, on both databases. */
import { RunningVedette } from '../test/support/running-vedette.ts'
import { type Percentiles, percentiles } from './percentiles.ts'
import type { BenchOptions, Section } from './section.ts'
import { type DatabaseName, withSeeded } from './seeded-vedette.ts'

interface ViewResult extends Percentiles {
  readonly database: DatabaseName
  readonly view: string
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
/** The first requests of a process find no code compiled and no page of the database in memory. */
const warmUps = 20

export async function timelineSection({ rows }: BenchOptions): Promise<Section> {
  const sqlite = await measureDatabase('SQLite', rows)
  const postgres = await measureDatabase('PostgreSQL', rows)
  const worst = (results: readonly ViewResult[] | undefined) =>
    results ? Math.max(...results.map((result) => result.p99)) : null
  return {
    name: 'timeline',
    title: 'Timeline page',
    command: `npm run bench -- --only timeline --rows ${rows}`,
    rows: [...(sqlite ?? []), ...(postgres ?? [])].map((result) => ({
      database: result.database,
      view: result.view,
      requests: result.count,
      'ms, p50': result.p50,
      p95: result.p95,
      p99: result.p99,
      max: result.max,
    })),
    targets: [
      { what: 'timeline page, worst view, SQLite, p99', unit: 'ms', limit: 50, measured: worst(sqlite) },
      { what: 'timeline page, worst view, PostgreSQL, p99', unit: 'ms', limit: 50, measured: worst(postgres) },
    ],
    notes: [
      `${rows} segments and ${rows} events of 8 cameras; the page's request for all of them at random places, over HTTP on loopback, 1400 buckets wide, after ${warmUps} that are not counted.`,
      ...(postgres
        ? ['PostgreSQL: Debian’s, 256 MB of shared buffers, without fsync, which reading does not need.']
        : ['PostgreSQL is not installed: not measured.']),
    ],
  }
}

function measureDatabase(database: DatabaseName, rows: number): Promise<ViewResult[] | undefined> {
  return withSeeded(database, rows, async (seeded) => {
    const vedette = await RunningVedette.open(seeded)
    try {
      await vedette.setUp()
      const results: ViewResult[] = []
      for (const [view, spanMs] of Object.entries(views)) {
        for (let i = 0; i < warmUps; i++) await ask(vedette, spanMs)
        const times: number[] = []
        for (let i = 0; i < requests; i++) times.push(await ask(vedette, spanMs))
        results.push({ database, view, ...percentiles(times) })
      }
      return results
    } finally {
      await vedette.close()
    }
  })
}

/** Milliseconds until the whole answer is there. */
async function ask(vedette: RunningVedette, spanMs: number): Promise<number> {
  const toMs = Date.now() - Math.floor(Math.random() * 60 * 24 * hourMs)
  const startMs = performance.now()
  const answer = await vedette.fetch(`/api/timeline?fromMs=${toMs - spanMs}&toMs=${toMs}&buckets=1400`)
  await answer.arrayBuffer()
  if (!answer.ok) throw new Error(`timeline answered ${answer.status}`)
  return performance.now() - startMs
}
