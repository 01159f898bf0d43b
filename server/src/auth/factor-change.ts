/** What follows when a user's second factors change: nothing that was opened under the old ones stays open. */
import type { Db } from '../db/database.ts'
import type { Caller } from '../http/access.ts'
import { AppError } from '../lib/app-error.ts'
import { needsEnrolment } from './factor-policy.ts'
import { makeRecoveryCodes } from './recovery-code-store.ts'
import { cleanUpFactors, countFactors } from './second-factor-store.ts'
import { endOtherSessions } from './session-store.ts'
import { findUser } from './user-store.ts'

/** Returns recovery codes where the user has none yet; else null. */
export async function factorAdded(trx: Db, caller: Caller, nowMs: number): Promise<string[] | null> {
  await trx.deleteFrom('trusted_device').where('user_id', '=', caller.userId).execute()
  await endOtherSessions(trx, caller.userId, caller.sessionId)
  const { recoveryCodes } = await countFactors(trx, caller.userId)
  return recoveryCodes > 0 ? null : makeRecoveryCodes(trx, caller.userId, nowMs)
}

/** Throws conflict (and so undoes the transaction) where the account cannot be without a second factor. */
export async function factorRemoved(trx: Db, caller: Caller): Promise<void> {
  const user = await findUser(trx, caller.userId)
  if (user && (await needsEnrolment(trx, user)))
    throw new AppError('conflict', 'Your account needs a second factor: set up another one before you remove this.')
  await cleanUpFactors(trx, caller.userId)
  await endOtherSessions(trx, caller.userId, caller.sessionId)
}
