/** Rate limits of credential checks, per account and per address, kept over a restart (access.md R7). */
import { createHash } from 'node:crypto'
import ipaddr from 'ipaddr.js'
import type { Db } from '../db/database.ts'

/** So many attempts until the count starts anew, `windowMs` after the first. */
export interface Limit {
  readonly attempts: number
  readonly windowMs: number
}
/** Passwords, per account and per address. */
export const passwordLimit: Limit = { attempts: 10, windowMs: 60_000 }
/** Wrong codes of one user over all stages: else a known password would allow 100 guesses of six digits a minute. */
export const factorLimit: Limit = { attempts: 20, windowMs: 3_600_000 }

/** Wrong set-up codes, per address. */
export const setupLimit: Limit = { attempts: 30, windowMs: 60_000 }

/** Counts an attempt for each subject; false when one of them has used up its limit. */
export async function countAttempt(
  db: Db,
  subjects: readonly string[],
  nowMs: number,
  limit: Limit = passwordLimit,
): Promise<boolean> {
  const counts = await db.transaction().execute(async (trx) => {
    await trx.deleteFrom('login_attempt').where('until_ms', '<=', nowMs).execute()
    const rows = []
    for (const subject of subjects)
      rows.push(
        await trx
          .insertInto('login_attempt')
          .values({ subject, window_start_ms: nowMs, until_ms: nowMs + limit.windowMs, attempts: 1 })
          .onConflict((conflict) =>
            conflict.column('subject').doUpdateSet((set) => ({ attempts: set('login_attempt.attempts', '+', 1) })),
          )
          .returning('attempts')
          .executeTakeFirstOrThrow(),
      )
    return rows.map((row) => row.attempts)
  })
  return counts.every((count) => count <= limit.attempts)
}

/** How often within a window that began at `startMs`. */
export interface Count {
  readonly attempts: number
  readonly startMs: number
}

/** Undefined: none in a window that goes on. */
export async function readCount(db: Db, subject: string, nowMs: number): Promise<Count | undefined> {
  const row = await db
    .selectFrom('login_attempt')
    .select(['attempts', 'window_start_ms'])
    .where('subject', '=', subject)
    .where('until_ms', '>', nowMs)
    .executeTakeFirst()
  return row && { attempts: Number(row.attempts), startMs: Number(row.window_start_ms) }
}

/** Adds what was counted elsewhere, all in one transaction. */
export async function addAttempts(
  db: Db,
  rows: readonly (Count & { readonly subject: string })[],
  nowMs: number,
  { windowMs }: Limit = passwordLimit,
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await trx.deleteFrom('login_attempt').where('until_ms', '<=', nowMs).execute()
    for (const { subject, attempts, startMs } of rows)
      await trx
        .insertInto('login_attempt')
        .values({ subject, attempts, window_start_ms: startMs, until_ms: startMs + windowMs })
        .onConflict((conflict) =>
          conflict.column('subject').doUpdateSet((set) => ({ attempts: set('login_attempt.attempts', '+', attempts) })),
        )
        .execute()
  })
}

/** Whatever name was typed, hashed: the table holds no list of who tried what. */
export function accountSubject(foldedName: string): string {
  return `account:${createHash('sha256').update(foldedName.slice(0, 200)).digest('hex').slice(0, 32)}`
}

export const addressSubject = (address: string) => `address:${addressGroup(address)}`

/** An IPv6 user owns a /64, so that is what is counted. */
export function addressGroup(address: string): string {
  if (!ipaddr.isValid(address)) return 'unknown'
  const parsed = ipaddr.process(address)
  if (parsed.kind() === 'ipv4') return parsed.toString()
  return `${parsed.toNormalizedString().split(':').slice(0, 4).join(':')}::/64`
}

/** After a success: earlier mistakes no longer count. */
export async function forgetAttempts(db: Db, subject: string): Promise<void> {
  await db.deleteFrom('login_attempt').where('subject', '=', subject).execute()
}
