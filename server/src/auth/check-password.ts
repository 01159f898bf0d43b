/** Passwords that are given: at sign-in, and again for what is sensitive. */
import type { UserTable } from '../db/tables.ts'
import { actorOf } from '../http/actor.ts'
import type { HttpRequest } from '../http/http.ts'
import { AppError } from '../lib/app-error.ts'
import { type FairQueue, TooBusy } from '../lib/fair-queue.ts'
import { addressGroup, countAttempt } from './attempt-store.ts'
import { isCommonPassword } from './common-password.ts'
import type { AccountDeps } from './deps.ts'
import { hashPassword, isPassword } from './password.ts'
import { findUser } from './user-store.ts'

export const tooManyAttempts = () =>
  new AppError('too_many_requests', 'Too many attempts: wait a minute and try again.', { retryAfterS: 60 })

/** `user` undefined takes the same time and answers false. */
export async function checkPassword(
  user: UserTable | undefined,
  password: string,
  request: HttpRequest,
): Promise<boolean> {
  try {
    return await isPassword(user?.password_hash, password, addressGroup(request.ip))
  } catch (error) {
    throw explainBusy(error)
  }
}

/** Hash of a new password; throws bad_request for one that is tried first. */
export async function hashNewPassword(
  password: string,
  names: readonly (string | null)[],
  field: string,
  request: HttpRequest,
): Promise<string> {
  const around = names.filter((name) => name !== null)
  if (isCommonPassword(password, around))
    throw new AppError('bad_request', 'This password is one of those that are tried first: choose another.', { field })
  try {
    return await hashPassword(password, addressGroup(request.ip))
  } catch (error) {
    throw explainBusy(error)
  }
}

/** The caller gives their password again; throws forbidden where it is wrong. Returns the caller's account. */
export async function requirePassword(deps: AccountDeps, request: HttpRequest, password: string): Promise<UserTable> {
  const { db, clock, audit } = deps
  const { userId } = request.caller
  if (!(await countAttempt(db, [`proof:${userId}`], clock.nowMs()))) throw tooManyAttempts()
  const user = await findUser(db, userId)
  if ((await checkPassword(user, password, request)) && user && !user.disabled) return user
  await audit({ kind: 'reauth.failed', ...actorOf(request) })
  throw new AppError('forbidden', 'The password is wrong.', { field: 'password' })
}

/** Runs `work` when it is this address's turn; throws server_busy where the line is full. */
export async function inLine<T>(line: FairQueue, request: HttpRequest, work: () => Promise<T>): Promise<T> {
  try {
    return await line.run(addressGroup(request.ip), work)
  } catch (error) {
    throw explainBusy(error)
  }
}

function explainBusy(error: unknown): unknown {
  if (!(error instanceof TooBusy)) return error
  return new AppError('server_busy', 'Too many people sign in at once: try again in a moment.', { retryAfterS: 5 })
}
