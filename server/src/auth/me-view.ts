/** An account as its owner sees it. */
import type { Me } from '@vedette/shared/user.ts'
import type { Db } from '../db/database.ts'
import type { UserTable } from '../db/tables.ts'
import { needsEnrolment } from './factor-policy.ts'
import { hasSecondFactor } from './second-factor-store.ts'

export async function viewMe(db: Db, user: UserTable): Promise<Me> {
  return {
    id: user.id,
    username: user.username,
    role: user.role,
    language: user.language,
    email: user.email,
    defaultPage: user.default_page,
    hasSecondFactor: await hasSecondFactor(db, user.id),
    mustEnrol: await needsEnrolment(db, user),
  }
}
