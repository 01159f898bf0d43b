/** What second factors a user has, and their end. */
import type { FactorMethod } from '@vedette/shared/second-factor.ts'
import type { Db } from '../db/database.ts'

export interface FactorCounts {
  readonly totp: boolean
  readonly passkeys: number
  readonly recoveryCodes: number
}

/** Recovery codes alone are none: they belong to one. */
export async function countFactors(db: Db, userId: string): Promise<FactorCounts> {
  const totp = await db
    .selectFrom('totp')
    .select('user_id')
    .where('user_id', '=', userId)
    .where('secret_sealed', 'is not', null)
    .executeTakeFirst()
  return {
    totp: totp !== undefined,
    passkeys: await countOf(db, 'passkey', userId),
    recoveryCodes: await countOf(db, 'recovery_code', userId),
  }
}

async function countOf(db: Db, table: 'passkey' | 'recovery_code', userId: string): Promise<number> {
  const { count } = await db
    .selectFrom(table)
    .select((select) => select.fn.countAll<number>().as('count'))
    .where('user_id', '=', userId)
    .executeTakeFirstOrThrow()
  return Number(count)
}

export async function hasSecondFactor(db: Db, userId: string): Promise<boolean> {
  const { totp, passkeys } = await countFactors(db, userId)
  return totp || passkeys > 0
}

/** The ways that can answer now. A passkey works only on the host that it was made for. */
export async function usableMethods(db: Db, userId: string, host: string): Promise<FactorMethod[]> {
  const { totp, recoveryCodes } = await countFactors(db, userId)
  const here = await db
    .selectFrom('passkey')
    .select('id')
    .where('user_id', '=', userId)
    .where('host', '=', host)
    .limit(1)
    .executeTakeFirst()
  return [
    ...(totp ? (['totp'] as const) : []),
    ...(here ? (['passkey'] as const) : []),
    ...(recoveryCodes > 0 ? (['recovery'] as const) : []),
  ]
}

/** Takes all second factors from a user, with what rests on them: codes, trusted devices, half-done sign-ins. */
export async function removeFactors(trx: Db, userId: string): Promise<void> {
  for (const table of ['totp', 'passkey', 'recovery_code', 'trusted_device', 'login_stage'] as const)
    await trx.deleteFrom(table).where('user_id', '=', userId).execute()
}

/** The last factor is gone: nothing may rest on it any more. Call after one was removed. */
export async function cleanUpFactors(trx: Db, userId: string): Promise<void> {
  await trx.deleteFrom('trusted_device').where('user_id', '=', userId).execute()
  if (!(await hasSecondFactor(trx, userId)))
    await trx.deleteFrom('recovery_code').where('user_id', '=', userId).execute()
}
