/** The end of every way in: a session of its own, in a cookie, and a line in the audit log. */
import type { Me } from '@vedette/shared/user.ts'
import type { Db } from '../db/database.ts'
import type { UserTable } from '../db/tables.ts'
import type { HttpReply, HttpRequest } from '../http/http.ts'
import { AppError } from '../lib/app-error.ts'
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
  const opened = await deps.change(
    async (trx) => {
      await requireAsProved(trx, user)
      // A session that this browser had before is not carried over.
      const before = await useSession(trx, sessionCookie.read(request) ?? '', clock.nowMs())
      if (before) await endSession(trx, before.session.id)
      const device = facts.trustDevice ? await trustDevice(trx, who, clock.nowMs()) : undefined
      const isNewPlace = await notePlace(trx, user.id, request.ip, clock.nowMs())
      return { device, isNewPlace, session: await addSession(trx, who, clock.nowMs()) }
    },
    ({ isNewPlace }) => {
      const detail = { by, ...(isNewPlace && { newPlace: true }) }
      return { kind: 'login.ok', userId: user.id, username: user.username, address: request.ip, detail }
    },
  )
  if (opened.device !== undefined) reply.header('set-cookie', deviceCookie.set(request, opened.device))
  reply.header('set-cookie', sessionCookie.set(request, opened.session))
  return viewMe(db, user)
}

/**
 * The password was compared some time ago, and the line is long: one that was changed meanwhile opens nothing. Holds the row until
 * the session is there, so that a change right now ends it.
 */
async function requireAsProved(trx: Db, { id, password_hash }: UserTable): Promise<void> {
  const held = await trx
    .updateTable('user')
    .set({ password_hash })
    .where('id', '=', id)
    .where('password_hash', '=', password_hash)
    .where('disabled', '=', 0)
    .executeTakeFirst()
  if (held.numUpdatedRows === 0n) throw new AppError('unauthenticated', 'The user name or the password is wrong.')
}
