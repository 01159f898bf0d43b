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
