/** What follows when a user's second factors change: nothing that was opened under the old ones stays open. */
import type { Db } from '../db/database.ts'
import type { Caller } from '../http/access.ts'
import { AppError } from '../lib/app-error.ts'
import { needsEnrolment } from './factor-policy.ts'
import { makeRecoveryCodes } from './recovery-code-store.ts'
import { cleanUpFactors, countFactors } from './second-factor-store.ts'
import { endOtherSessions, rotateSession } from './session-store.ts'
import { findUser } from './user-store.ts'

export interface AddedFactor {
  /** Where the user had none yet. */
  readonly codes: string[] | null
  /** The session goes on under this value: one that was copied before opens nothing after it (access.md R3). */
  readonly cookie: string
}

export async function factorAdded(trx: Db, caller: Caller, nowMs: number): Promise<AddedFactor> {
  await trx.deleteFrom('trusted_device').where('user_id', '=', caller.userId).execute()
  await endOtherSessions(trx, caller.userId, caller.sessionId)
  const { recoveryCodes } = await countFactors(trx, caller.userId)
  return {
    codes: recoveryCodes > 0 ? null : await makeRecoveryCodes(trx, caller.userId, nowMs),
    cookie: await rotateSession(trx, caller.sessionId),
  }
}

/** The session's new cookie. Throws conflict (and so undoes the transaction) where the account cannot be without a second factor. */
export async function factorRemoved(trx: Db, caller: Caller): Promise<string> {
  const user = await findUser(trx, caller.userId)
  if (user && (await needsEnrolment(trx, user)))
    throw new AppError('conflict', 'Your account needs a second factor: set up another one before you remove this.')
  await cleanUpFactors(trx, caller.userId)
  await endOtherSessions(trx, caller.userId, caller.sessionId)
  return rotateSession(trx, caller.sessionId)
}
