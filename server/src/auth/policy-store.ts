/** The installation's rule about second factors, and the role rows it needs. */
import { type AccountPolicy, accountPolicy } from '@vedette/shared/user.ts'
import type { Db } from '../db/database.ts'
import type { UserTable } from '../db/tables.ts'

const key = 'account_policy'
const noPolicy: AccountPolicy = { adminsNeedSecondFactor: false, viewersNeedSecondFactor: false }

export async function readPolicy(db: Db): Promise<AccountPolicy> {
  const row = await db.selectFrom('setting').select('value').where('key', '=', key).executeTakeFirst()
  return row ? accountPolicy.parse(JSON.parse(row.value)) : noPolicy
}

export async function writePolicy(db: Db, policy: AccountPolicy): Promise<void> {
  const value = JSON.stringify(policy)
  await db
    .insertInto('setting')
    .values({ key, value })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
    .execute()
}

/** A user's own flag, the policy for their kind, or a role of theirs asks for a second factor. */
export async function isFactorRequired(db: Db, user: UserTable): Promise<boolean> {
  if (user.needs_factor) return true
  const policy = await readPolicy(db)
  if (user.role === 'admin') return policy.adminsNeedSecondFactor
  if (policy.viewersNeedSecondFactor) return true
  const role = await db
    .selectFrom('access_grant')
    .innerJoin('role', 'role.id', 'access_grant.role_id')
    .select('role.id')
    .where('access_grant.user_id', '=', user.id)
    .where('role.needs_factor', '=', 1)
    .limit(1)
    .executeTakeFirst()
  return role !== undefined
}
