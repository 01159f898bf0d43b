/**
 * Whether what a Vedette left on disk is sound: the program's own `verify`, rows against files, no overlap, the chain of
 * hashes and the ledger. Reads the database itself, so that a fault in the program's queries cannot hide one in its data.
 */
import { spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import Sqlite from 'better-sqlite3'
import pg from 'pg'
import { expect } from 'vitest'
import { z } from 'zod'
import { serverEnvironment } from '../../scripts/server-flags.mjs'
import { mergeSpans, type Span, subtractSpans } from '../../server/src/lib/spans.ts'
import { segmentPath } from '../../server/src/record/segment-path.ts'

const main = resolve(import.meta.dirname, '../../server/src/main.ts')

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** `vedette <args>` to its end. Not spawnSync: a simulated camera in this process must go on. */
export async function vedetteCli(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...serverEnvironment, ...environment },
  })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString()
  })
  return new Promise((resolveEnd) => child.on('close', (code) => resolveEnd({ code, stdout, stderr })))
}

const segmentRow = z.object({
  id: z.string(),
  camera_id: z.string(),
  stream: z.enum(['main', 'sub']),
  start_ms: z.number(),
  end_ms: z.number(),
  clock_epoch: z.number(),
  file_ms: z.number(),
  sha256: z.string(),
  prev_sha256: z.string(),
})
const gapRow = z.object({
  camera_id: z.string(),
  kind: z.enum(['missing', 'not_wanted']),
  cause: z.string(),
  start_ms: z.number(),
  end_ms: z.number(),
})
export type SegmentRow = z.infer<typeof segmentRow>
export type GapRow = z.infer<typeof gapRow>

export interface Index {
  readonly segments: readonly SegmentRow[]
  readonly gaps: readonly GapRow[]
}

const allSegments = 'select * from segment where doomed_by is null order by clock_epoch, start_ms'
const allGaps = 'select * from gap order by start_ms'

/** What the index holds, oldest first. */
export function readIndex(dataDir: string): Index {
  const db = new Sqlite(join(dataDir, 'vedette.db'), { readonly: true })
  try {
    return parseIndex(db.prepare(allSegments).all(), db.prepare(allGaps).all())
  } finally {
    db.close()
  }
}

/** The same from PostgreSQL. */
export async function readPostgresIndex(url: string): Promise<Index> {
  const types = new pg.TypeOverrides()
  types.setTypeParser(pg.types.builtins.INT8, Number)
  const client = new pg.Client({ connectionString: url, types })
  await client.connect()
  try {
    return parseIndex((await client.query(allSegments)).rows, (await client.query(allGaps)).rows)
  } finally {
    await client.end()
  }
}

function parseIndex(segments: unknown, gaps: unknown): Index {
  return { segments: z.array(segmentRow).parse(segments), gaps: z.array(gapRow).parse(gaps) }
}

/** Paths below the volume of all segment files, sorted. */
export function segmentFiles(footageDir: string): string[] {
  return readdirSync(footageDir, { recursive: true, encoding: 'utf8' })
    .filter((path) => /-(main|sub)\.mp4$/.test(path) && !path.startsWith('.'))
    .sort()
}

const spanOf = (row: { start_ms: number; end_ms: number }): Span => ({ startMs: row.start_ms, endMs: row.end_ms })

/** Seconds between a camera's first and last footage that the ledger neither has as recorded nor explains. */
export function unexplained({ segments, gaps }: Index, cameraId: string): Span[] {
  const footage = segments.filter((row) => row.camera_id === cameraId && row.stream === 'main').map(spanOf)
  const whole = {
    startMs: Math.min(...footage.map((span) => span.startMs)),
    endMs: Math.max(...footage.map((span) => span.endMs)),
  }
  const told = gaps.filter((gap) => gap.camera_id === cameraId).map(spanOf)
  return subtractSpans(whole, mergeSpans([...footage, ...told])).filter((span) => span.endMs - span.startMs > 1000)
}

export interface Sound {
  readonly dataDir: string
  /** Where it is not in the data folder. */
  readonly footageDir?: string
  readonly postgresUrl?: string
  /** Rules deleted the oldest footage: its chain begins in the middle. */
  readonly isShortened?: boolean
}

/** All of it (docs/design/storage.md "Invariants"). No Vedette may run on the folder. */
export async function expectSound({ dataDir, footageDir, postgresUrl, isShortened }: Sound): Promise<Index> {
  const verified = await vedetteCli(['verify', '--data', dataDir, '--json'], {
    ...(footageDir ? { VEDETTE_FOOTAGE: footageDir } : {}),
    ...(postgresUrl ? { VEDETTE_DATABASE_URL: postgresUrl } : {}),
  })
  expect(verified.stderr).toBe('')
  expect(JSON.parse(verified.stdout)).toMatchObject({ found: [] })
  expect(verified.code).toBe(0)
  const index = postgresUrl ? await readPostgresIndex(postgresUrl) : readIndex(dataDir)
  const { segments } = index
  expect(segments.length).toBeGreaterThan(0)
  const paths = segments.map((row) => segmentPath({ cameraId: row.camera_id, stream: row.stream, fileMs: row.file_ms }))
  expect(segmentFiles(footageDir ?? join(dataDir, 'footage')), 'files against rows').toEqual(paths.sort())
  for (const lane of Map.groupBy(segments, (row) => `${row.camera_id} ${row.stream}`).values())
    expectChain(lane, isShortened ?? false)
  for (const cameraId of new Set(segments.map((row) => row.camera_id))) {
    expectNoOverlap(index, cameraId)
    expect(unexplained(index, cameraId), 'seconds that the ledger does not explain').toEqual([])
  }
  return index
}

function expectChain(lane: readonly SegmentRow[], isShortened: boolean): void {
  for (const [at, row] of lane.entries()) {
    const next = lane[at + 1]
    if (next) expect(next.prev_sha256, 'the chain of hashes').toBe(row.sha256)
    if (next?.clock_epoch === row.clock_epoch) expect(next.start_ms).toBeGreaterThanOrEqual(row.end_ms)
  }
  if (!isShortened) expect(lane[0]?.prev_sha256).toBe('')
}

/** Gaps overlap neither each other nor footage. */
function expectNoOverlap({ segments, gaps }: Index, cameraId: string): void {
  const own = gaps.filter((gap) => gap.camera_id === cameraId)
  for (const [at, gap] of own.entries()) expect(own[at + 1]?.start_ms ?? gap.end_ms).toBeGreaterThanOrEqual(gap.end_ms)
  for (const row of segments.filter((one) => one.camera_id === cameraId && one.stream === 'main'))
    for (const gap of own)
      expect(Math.min(gap.end_ms, row.end_ms) - Math.max(gap.start_ms, row.start_ms)).toBeLessThanOrEqual(0)
}

/** `missing process` and the like, each once. */
export function causesOf({ gaps }: Index): string[] {
  return [...new Set(gaps.map((gap) => `${gap.kind} ${gap.cause}`))].sort()
}

/** The same of those with footage on both sides: not the moments before the first frame and behind the last. */
export function holesOf({ segments, gaps }: Index): string[] {
  const startMs = Math.min(...segments.map((row) => row.start_ms))
  const endMs = Math.max(...segments.map((row) => row.end_ms))
  return causesOf({ segments, gaps: gaps.filter((gap) => gap.start_ms >= startMs && gap.end_ms <= endMs) })
}
