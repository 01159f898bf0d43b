/** Trusted devices: browsers that are not asked for the second factor for 30 days; 32 random bytes, stored hashed. */
import type { Db } from '../db/database.ts'
import type { TrustedDeviceTable } from '../db/tables.ts'
import { newId } from '../lib/new-id.ts'
import { hashSecret, maxSecretLength, newSecret } from './secret-hash.ts'

export const trustedForMs = 30 * 24 * 3_600_000
const maxPerUser = 50

/** Trusts a browser from now on; the answer is the cookie's value. */
export async function trustDevice(
  db: Db,
  device: { readonly userId: string; readonly address: string; readonly userAgent: string },
  nowMs: number,
): Promise<string> {
  const value = newSecret()
  await db.deleteFrom('trusted_device').where('expires_ms', '<=', nowMs).execute()
  const known = await listDevices(db, device.userId, nowMs)
  for (const { id } of known.slice(maxPerUser - 1)) await db.deleteFrom('trusted_device').where('id', '=', id).execute()
  await db
    .insertInto('trusted_device')
    .values({
      id: newId(nowMs),
      user_id: device.userId,
      token_hash: hashSecret(value),
      created_ms: nowMs,
      last_used_ms: nowMs,
      expires_ms: nowMs + trustedForMs,
      address: device.address.slice(0, 64),
      user_agent: device.userAgent.slice(0, 300),
    })
    .execute()
  return value
}

/** The device that a cookie stands for. Whose it is must still be compared. */
export async function findDevice(
  db: Db,
  value: string | undefined,
  nowMs: number,
): Promise<TrustedDeviceTable | undefined> {
  if (value === undefined || value.length > maxSecretLength) return undefined
  return db
    .selectFrom('trusted_device')
    .selectAll()
    .where('token_hash', '=', hashSecret(value))
    .where('expires_ms', '>', nowMs)
    .executeTakeFirst()
}

export async function useDevice(db: Db, deviceId: string, nowMs: number): Promise<void> {
  await db.updateTable('trusted_device').set({ last_used_ms: nowMs }).where('id', '=', deviceId).execute()
}

/** The newest use first. */
export function listDevices(db: Db, userId: string, nowMs: number): Promise<TrustedDeviceTable[]> {
  return db
    .selectFrom('trusted_device')
    .selectAll()
    .where('user_id', '=', userId)
    .where('expires_ms', '>', nowMs)
    .orderBy('last_used_ms', 'desc')
    .execute()
}

/** False where the user has no such device. */
export async function forgetDevice(db: Db, userId: string, deviceId: string): Promise<boolean> {
  const gone = await db
    .deleteFrom('trusted_device')
    .where('user_id', '=', userId)
    .where('id', '=', deviceId)
    .executeTakeFirst()
  return gone.numDeletedRows > 0n
}
