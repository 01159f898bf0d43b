/** Who may act before there is an administrator: whoever has the one-time code from the console, while set-up is open (access.md R1). */
import type { HttpRequest } from '../http/http.ts'
import { AppError } from '../lib/app-error.ts'
import { addressSubject, countAttempt, setupLimit } from './attempt-store.ts'
import { tooManyAttempts } from './check-password.ts'
import type { AccountDeps } from './deps.ts'
import type { SetupCode } from './setup-code.ts'
import { hasUsers } from './user-store.ts'

export interface SetupDoor extends Pick<AccountDeps, 'db' | 'clock' | 'auditOnce'> {
  /** Undefined when set-up is over. */
  readonly setupCode: () => SetupCode | undefined
  /** Why set-up must not open (footage without a database …); null: it may. */
  readonly setupClosedReason: () => string | null
}

export const setupIsOver = () => new AppError('setup_closed', 'This Vedette is set up already: sign in.')

/** Throws setup_closed, forbidden for a wrong code, too_many_requests for too many of them. */
export async function requireSetupCode(door: SetupDoor, request: HttpRequest, code: string): Promise<void> {
  const { db, clock } = door
  const reason = door.setupClosedReason()
  if (reason) throw new AppError('setup_closed', reason)
  const setupCode = door.setupCode()
  if (!setupCode || (await hasUsers(db))) throw setupIsOver()
  if (setupCode.matches(code)) return
  // Only wrong answers count: whoever shares the owner's address cannot use up the owner's attempts.
  const subject = `setup:${addressSubject(request.ip)}`
  if (!(await countAttempt(db, [subject], clock.nowMs(), setupLimit))) throw tooManyAttempts()
  const entry = { kind: 'login.failed', userId: null, username: '(set-up)', address: request.ip } as const
  await door.auditOnce(subject, entry)
  throw new AppError('forbidden', 'That is not the code on the console. Copy it from there.', { field: 'code' })
}
