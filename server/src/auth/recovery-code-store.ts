/** Recovery codes: ten of 128 bits, shown once, stored hashed, each opens one sign-in. */
import type { Db } from '../db/database.ts'
import { newId } from '../lib/new-id.ts'
import { inGroups, newReadableCode, plainCode } from './readable-code.ts'
import { hashSecret } from './secret-hash.ts'

const codesPerUser = 10

/** Makes new codes; the ones before open nothing any more. */
export async function makeRecoveryCodes(trx: Db, userId: string, nowMs: number): Promise<string[]> {
  await trx.deleteFrom('recovery_code').where('user_id', '=', userId).execute()
  const codes = Array.from({ length: codesPerUser }, newReadableCode)
  await trx
    .insertInto('recovery_code')
    .values(codes.map((code) => ({ id: newId(nowMs), user_id: userId, code_hash: hashSecret(code) })))
    .execute()
  return codes.map(inGroups)
}

/** Uses a code up; false where it is none of the user's. */
export async function useRecoveryCode(db: Db, userId: string, given: string): Promise<boolean> {
  const gone = await db
    .deleteFrom('recovery_code')
    .where('user_id', '=', userId)
    .where('code_hash', '=', hashSecret(plainCode(given)))
    .executeTakeFirst()
  return gone.numDeletedRows > 0n
}
