/** Who must set up a second factor before anything else: holds for every way in, sessions and tokens (access.md R4). */
import type { Db } from '../db/database.ts'
import type { UserTable } from '../db/tables.ts'
import { isFactorRequired } from './policy-store.ts'
import { hasSecondFactor } from './second-factor-store.ts'

/** A second factor is required and there is none yet. */
export async function needsEnrolment(db: Db, user: UserTable): Promise<boolean> {
  return (await isFactorRequired(db, user)) && !(await hasSecondFactor(db, user.id))
}
