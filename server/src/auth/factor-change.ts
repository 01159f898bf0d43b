/** What follows when a user's second factors change: nothing that was opened under the old ones stays open. */
import type { Db } from '../db/database.ts'
import type { Caller } from '../http/access.ts'
import type { HttpReply, HttpRequest } from '../http/http.ts'
import { AppError } from '../lib/app-error.ts'
import type { AccountDeps } from './deps.ts'
import { needsEnrolment } from './factor-policy.ts'
import { sessionCookie } from './own-cookie.ts'
import { makeRecoveryCodes } from './recovery-code-store.ts'
import { cleanUpFactors, countFactors } from './second-factor-store.ts'
import { endOtherSessions, rotateSession } from './session-store.ts'
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

/** The session goes on under another cookie: one that was copied before opens nothing after it (access.md R3). */
export async function giveNewCookie(deps: AccountDeps, request: HttpRequest, reply: HttpReply): Promise<void> {
  const cookie = await rotateSession(deps.db, request.caller.sessionId)
  reply.header('set-cookie', sessionCookie.set(request, cookie))
}
