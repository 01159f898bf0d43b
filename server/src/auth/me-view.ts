/** An account as its owner sees it. */
import { languageChoice } from '@vedette/shared/language.ts'
import type { Me } from '@vedette/shared/user.ts'
import type { Db } from '../db/database.ts'
import type { UserTable } from '../db/tables.ts'
import { avatarIdOf } from './avatar-store.ts'
import { needsEnrolment } from './factor-policy.ts'
import { hasSecondFactor } from './second-factor-store.ts'

export async function viewMe(db: Db, user: UserTable): Promise<Me> {
  return {
    id: user.id,
    username: user.username,
    role: user.role,
    language: languageChoice.catch('auto').parse(user.language),
    email: user.email,
    defaultPage: user.default_page,
    avatarId: await avatarIdOf(db, user.id),
    hasSecondFactor: await hasSecondFactor(db, user.id),
    mustEnrol: await needsEnrolment(db, user),
  }
}
