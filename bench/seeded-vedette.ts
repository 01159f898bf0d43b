/** A data folder with a database of N segments and N events (`vedette seed`), on SQLite or on a PostgreSQL of its own. */
import { spawnSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { postgresPrograms, removeCluster, startPostgres } from '../test/support/postgres-cluster.ts'

export type DatabaseName = 'SQLite' | 'PostgreSQL'

export interface SeededFolder {
  readonly dataDir: string
  readonly environment: Readonly<Record<string, string>>
}

/** Undefined where PostgreSQL is not installed. The folder and the database go afterwards. */
export async function withSeeded<T>(
  database: DatabaseName,
  rows: number,
  work: (seeded: SeededFolder) => Promise<T>,
): Promise<T | undefined> {
  const programs = database === 'PostgreSQL' ? postgresPrograms() : undefined
  if (database === 'PostgreSQL' && programs === undefined) return undefined
  const environment: Record<string, string> = programs ? { VEDETTE_DATABASE_URL: await startPostgres(programs) } : {}
  const dataDir = await mkdtemp(join(tmpdir(), 'vedette-seeded-'))
  try {
    const main = resolve(import.meta.dirname, '../server/src/main.ts')
    const counts = ['--segments', String(rows), '--events', String(rows), '--cameras', '8']
    const seed = spawnSync(process.execPath, [main, 'seed', '--data', dataDir, ...counts, '--json'], {
      env: { ...process.env, ...environment },
      encoding: 'utf8',
    })
    if (seed.status !== 0) throw new Error(`seed failed: ${seed.stderr}`)
    return await work({ dataDir, environment })
  } finally {
    await rm(dataDir, { recursive: true, force: true })
    if (programs) removeCluster(programs)
  }
}
