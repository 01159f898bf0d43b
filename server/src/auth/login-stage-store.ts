/** Sign-ins whose password was right and whose second factor is still to come: five minutes, ten attempts (access.md R7). */
import type { Db } from '../db/database.ts'
import type { LoginStageTable } from '../db/tables.ts'
import { newId } from '../lib/new-id.ts'
import { hashSecret, maxSecretLength, newSecret } from './secret-hash.ts'

export const stageForMs = 5 * 60_000
const maxAttempts = 10
/** More at once are nobody's: the oldest go. */
const maxPerUser = 10

/** Begins a stage; the answer is its cookie's value. */
export async function addStage(db: Db, userId: string, nowMs: number): Promise<{ value: string; untilMs: number }> {
  const value = newSecret()
  const untilMs = nowMs + stageForMs
  await db.deleteFrom('login_stage').where('expires_ms', '<=', nowMs).execute()
  const open = await db
    .selectFrom('login_stage')
    .select('id')
    .where('user_id', '=', userId)
    .orderBy('expires_ms', 'desc')
    .execute()
  for (const { id } of open.slice(maxPerUser - 1)) await endStage(db, id)
  await db
    .insertInto('login_stage')
    .values({ id: newId(nowMs), user_id: userId, id_hash: hashSecret(value), expires_ms: untilMs, attempts: 0 })
    .execute()
  return { value, untilMs }
}

export async function findStage(
  db: Db,
  value: string | undefined,
  nowMs: number,
): Promise<LoginStageTable | undefined> {
  if (value === undefined || value.length > maxSecretLength) return undefined
  return db
    .selectFrom('login_stage')
    .selectAll()
    .where('id_hash', '=', hashSecret(value))
    .where('expires_ms', '>', nowMs)
    .executeTakeFirst()
}

/** Takes one of the stage's attempts before the code is looked at, so that many at once get no more than ten; false: used up. */
export async function takeAttempt(db: Db, stageId: string): Promise<boolean> {
  const taken = await db
    .updateTable('login_stage')
    .set((set) => ({ attempts: set('attempts', '+', 1) }))
    .where('id', '=', stageId)
    .where('attempts', '<', maxAttempts)
    .executeTakeFirst()
  return taken.numUpdatedRows > 0n
}

/** False where it was over already: each stage opens one session. */
export async function endStage(db: Db, stageId: string): Promise<boolean> {
  const gone = await db.deleteFrom('login_stage').where('id', '=', stageId).executeTakeFirst()
  return gone.numDeletedRows > 0n
}
