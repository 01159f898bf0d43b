/** TOTP (RFC 6238): secrets sealed in the database; each step is accepted once, one step early or late (access.md R4). */
import { Secret, TOTP } from 'otpauth'
import type { Db } from '../db/database.ts'
import { type SealPlace, seal, unseal } from '../lib/seal.ts'

const stepMs = 30_000
const pendingForMs = 10 * 60_000
const placeOf = (column: 'secret_sealed' | 'pending_sealed', userId: string): SealPlace => `totp.${column}.${userId}`

const totpOf = (secret: Secret, label: string) =>
  new TOTP({ issuer: 'Vedette', label, algorithm: 'SHA1', digits: 6, period: stepMs / 1000, secret })

/** Makes a secret that counts once it is confirmed; the one in force stays until then. */
export async function beginTotp(
  db: Db,
  key: Buffer,
  user: { readonly id: string; readonly username: string },
  nowMs: number,
): Promise<{ secret: string; uri: string }> {
  const secret = new Secret({ size: 20 })
  const pending = {
    pending_sealed: seal(key, placeOf('pending_sealed', user.id), secret.base32),
    pending_until_ms: nowMs + pendingForMs,
  }
  await db
    .insertInto('totp')
    .values({ user_id: user.id, secret_sealed: null, last_step: 0, ...pending })
    .onConflict((conflict) => conflict.column('user_id').doUpdateSet(pending))
    .execute()
  return { secret: secret.base32, uri: totpOf(secret, user.username).toString() }
}

/** Puts the pending secret in force if the code is one of it. That code is used up by this. */
export async function confirmTotp(trx: Db, key: Buffer, userId: string, code: string, nowMs: number): Promise<boolean> {
  const row = await trx.selectFrom('totp').selectAll().where('user_id', '=', userId).executeTakeFirst()
  if (!row?.pending_sealed || row.pending_until_ms <= nowMs) return false
  const secret = unseal(key, placeOf('pending_sealed', userId), row.pending_sealed)
  const step = findStep(secret, code, nowMs)
  if (step === undefined) return false
  await trx
    .updateTable('totp')
    .set({
      secret_sealed: seal(key, placeOf('secret_sealed', userId), secret),
      pending_sealed: null,
      last_step: step,
    })
    .where('user_id', '=', userId)
    .execute()
  return true
}

/** Whether the code is right, and newer than every one that was accepted. */
export async function acceptTotp(db: Db, key: Buffer, userId: string, code: string, nowMs: number): Promise<boolean> {
  const row = await db.selectFrom('totp').selectAll().where('user_id', '=', userId).executeTakeFirst()
  if (!row?.secret_sealed) return false
  const step = findStep(unseal(key, placeOf('secret_sealed', userId), row.secret_sealed), code, nowMs)
  if (step === undefined) return false
  // The condition in the update decides between two that come at once.
  const taken = await db
    .updateTable('totp')
    .set({ last_step: step })
    .where('user_id', '=', userId)
    .where('last_step', '<', step)
    .executeTakeFirst()
  return taken.numUpdatedRows > 0n
}

export async function removeTotp(trx: Db, userId: string): Promise<boolean> {
  const gone = await trx
    .deleteFrom('totp')
    .where('user_id', '=', userId)
    .where('secret_sealed', 'is not', null)
    .executeTakeFirst()
  return gone.numDeletedRows > 0n
}

function findStep(secret: string, code: string, nowMs: number): number | undefined {
  const token = code.replace(/\s/g, '')
  if (!/^\d{6}$/.test(token)) return undefined
  const delta = totpOf(Secret.fromBase32(secret), 'x').validate({ token, timestamp: nowMs, window: 1 })
  return delta === null ? undefined : Math.floor(nowMs / stepMs) + delta
}
