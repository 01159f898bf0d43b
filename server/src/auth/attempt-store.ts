/** Rate limits of credential checks, per account and per address, kept over a restart (access.md R7). */
import { createHash } from 'node:crypto'
import ipaddr from 'ipaddr.js'
import type { Db } from '../db/database.ts'

const windowMs = 60_000
export const attemptsPerWindow = 10

/** Counts an attempt; false when the account or the address has used up its minute. */
export async function countAttempt(db: Db, username: string, address: string, nowMs: number): Promise<boolean> {
  const subjects = [
    `account:${createHash('sha256').update(username.slice(0, 200)).digest('hex').slice(0, 32)}`,
    `address:${addressGroup(address)}`,
  ]
  const counts = await db.transaction().execute(async (trx) => {
    await trx
      .deleteFrom('login_attempt')
      .where('window_start_ms', '<=', nowMs - windowMs)
      .execute()
    const rows = []
    for (const subject of subjects)
      rows.push(
        await trx
          .insertInto('login_attempt')
          .values({ subject, window_start_ms: nowMs, attempts: 1 })
          .onConflict((conflict) =>
            conflict.column('subject').doUpdateSet((set) => ({ attempts: set('login_attempt.attempts', '+', 1) })),
          )
          .returning('attempts')
          .executeTakeFirstOrThrow(),
      )
    return rows.map((row) => row.attempts)
  })
  return counts.every((count) => count <= attemptsPerWindow)
}

/** An IPv6 user owns a /64, so that is what is counted. */
export function addressGroup(address: string): string {
  if (!ipaddr.isValid(address)) return 'unknown'
  const parsed = ipaddr.process(address)
  if (parsed.kind() === 'ipv4') return parsed.toString()
  return `${parsed.toNormalizedString().split(':').slice(0, 4).join(':')}::/64`
}
