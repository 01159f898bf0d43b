/** Passkeys and their challenges in the database. A challenge is answered once, within five minutes. */
import type { Db } from '../db/database.ts'
import type { PasskeyTable } from '../db/tables.ts'
import { newId } from '../lib/new-id.ts'

const challengeForMs = 5 * 60_000
export const maxPasskeys = 20

/** `subject`: whom it was given to ('login:<stage>', 'new:<session>'); their earlier one is void. */
export async function keepChallenge(db: Db, subject: string, challenge: string, nowMs: number): Promise<void> {
  await db.deleteFrom('passkey_challenge').where('expires_ms', '<=', nowMs).execute()
  const row = { challenge, expires_ms: nowMs + challengeForMs }
  await db
    .insertInto('passkey_challenge')
    .values({ subject, ...row })
    .onConflict((conflict) => conflict.column('subject').doUpdateSet(row))
    .execute()
}

/** Takes the challenge away, so that it cannot be answered again. */
export async function takeChallenge(db: Db, subject: string, nowMs: number): Promise<string | undefined> {
  const row = await db
    .deleteFrom('passkey_challenge')
    .where('subject', '=', subject)
    .returning(['challenge', 'expires_ms'])
    .executeTakeFirst()
  return row && row.expires_ms > nowMs ? row.challenge : undefined
}

export function listPasskeys(db: Db, userId: string): Promise<PasskeyTable[]> {
  return db.selectFrom('passkey').selectAll().where('user_id', '=', userId).orderBy('created_ms').execute()
}

export async function addPasskey(
  trx: Db,
  passkey: Omit<PasskeyTable, 'id' | 'created_ms' | 'last_used_ms'>,
  nowMs: number,
): Promise<void> {
  await trx
    .insertInto('passkey')
    .values({ ...passkey, id: newId(nowMs), created_ms: nowMs, last_used_ms: null })
    .execute()
}

/** Notes a use; false where the counter went back in the meantime (a copied authenticator, or the same answer twice). */
export async function notePasskeyUse(db: Db, passkey: PasskeyTable, counter: number, nowMs: number): Promise<boolean> {
  const noted = await db
    .updateTable('passkey')
    .set({ counter, last_used_ms: nowMs })
    .where('id', '=', passkey.id)
    .where('counter', '=', passkey.counter)
    .executeTakeFirst()
  return noted.numUpdatedRows > 0n
}

export async function removePasskey(trx: Db, userId: string, passkeyId: string): Promise<boolean> {
  const gone = await trx
    .deleteFrom('passkey')
    .where('user_id', '=', userId)
    .where('id', '=', passkeyId)
    .executeTakeFirst()
  return gone.numDeletedRows > 0n
}
