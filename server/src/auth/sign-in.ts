/** The end of every way in: a session of its own, in a cookie, and a line in the audit log. */
import type { Me } from '@vedette/shared/user.ts'
import type { UserTable } from '../db/tables.ts'
import type { HttpReply, HttpRequest } from '../http/http.ts'
import type { AccountDeps } from './deps.ts'
import { trustDevice } from './device-store.ts'
import { viewMe } from './me-view.ts'
import { deviceCookie, sessionCookie } from './own-cookie.ts'
import { notePlace } from './place-store.ts'
import { addSession, endSession, useSession } from './session-store.ts'

export interface SignInFacts {
  readonly user: UserTable
  /** How it was proved, for the audit log. */
  readonly by: 'setup' | 'password' | 'trusted device' | 'totp' | 'passkey' | 'recovery'
  readonly trustDevice: boolean
}

export async function signIn(
  deps: AccountDeps,
  request: HttpRequest,
  reply: HttpReply,
  facts: SignInFacts,
): Promise<Me> {
  const { db, clock } = deps
  const { user, by } = facts
  const who = { userId: user.id, address: request.ip, userAgent: request.headers['user-agent'] ?? '' }
  const isNewPlace = await notePlace(db, user.id, request.ip, clock.nowMs())
  const detail = { by, ...(isNewPlace && { newPlace: true }) }
  await deps.audit({ kind: 'login.ok', userId: user.id, username: user.username, address: request.ip, detail })
  // A session that this browser had before is not carried over.
  const before = await useSession(db, sessionCookie.read(request) ?? '', clock.nowMs())
  if (before) await endSession(db, before.session.id)
  if (facts.trustDevice)
    reply.header('set-cookie', deviceCookie.set(request, await trustDevice(db, who, clock.nowMs())))
  reply.header('set-cookie', sessionCookie.set(request, await addSession(db, who, clock.nowMs())))
  return viewMe(db, user)
}
