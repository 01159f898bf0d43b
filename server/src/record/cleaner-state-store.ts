/**
 * What the cleaner must remember over a restart, as settings: whether the index may be trusted to delete by, what was
 * thought of the clock, and which cameras' footage somebody asked to delete now.
 */
import { id } from '@vedette/shared/id.ts'
import { z } from 'zod'
import type { Db } from '../db/database.ts'
import type { ClockBelief } from './clock-belief.ts'

/**
 * Nothing is deleted, and no row dropped, unless the index is trusted. `building`: a rebuild runs or was cut short.
 * `seeded`: it holds synthetic rows without files.
 */
const indexState = z.enum(['trusted', 'building', 'seeded'])
export type IndexState = z.infer<typeof indexState>
const storedBelief = z.object({ wallMs: z.number(), distrustMs: z.number() })

const keys = { index: 'record.index', clock: 'record.clock', emptied: 'record.cameras_to_empty' }

/** Undefined: a database that nobody looked at yet. */
export function readIndexState(db: Db): Promise<IndexState | undefined> {
  return read(db, keys.index, indexState)
}

export function writeIndexState(db: Db, state: IndexState): Promise<void> {
  return write(db, keys.index, state)
}

/** Call at a start when no footage lies on disk that a new database does not know. */
export async function trustNewIndex(db: Db): Promise<void> {
  if ((await readIndexState(db)) === undefined) await writeIndexState(db, 'trusted')
}

export async function readClockBelief(db: Db): Promise<ClockBelief | undefined> {
  const stored = await read(db, keys.clock, storedBelief)
  return stored && { ...stored, monotonicMs: undefined }
}

export function writeClockBelief(db: Db, { wallMs, distrustMs }: ClockBelief): Promise<void> {
  return write(db, keys.clock, { wallMs, distrustMs })
}

/** Cameras whose footage goes whatever the rules say, kept footage too: somebody deleted them with their footage. */
export async function listCamerasToEmpty(db: Db): Promise<readonly string[]> {
  return (await read(db, keys.emptied, z.array(id))) ?? []
}

/** From now on until it is done, over restarts too. */
export async function addCameraToEmpty(db: Db, cameraId: string): Promise<void> {
  await write(db, keys.emptied, [...new Set([...(await listCamerasToEmpty(db)), cameraId])])
}

export async function removeCameraToEmpty(db: Db, cameraId: string): Promise<void> {
  await write(
    db,
    keys.emptied,
    (await listCamerasToEmpty(db)).filter((one) => one !== cameraId),
  )
}

async function read<T>(db: Db, key: string, schema: z.ZodType<T>): Promise<T | undefined> {
  const row = await db.selectFrom('setting').select('value').where('key', '=', key).executeTakeFirst()
  return row && schema.parse(JSON.parse(row.value))
}

async function write(db: Db, key: string, value: unknown): Promise<void> {
  const text = JSON.stringify(value)
  await db
    .insertInto('setting')
    .values({ key, value: text })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value: text }))
    .execute()
}
