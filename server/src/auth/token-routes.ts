/** API tokens: one's own, and for administrators the list of everybody's. The token itself is shown once. */
import { id } from '@vedette/shared/id.ts'
import { madeToken, newToken, tokenList } from '@vedette/shared/token.ts'
import { z } from 'zod'
import { actorOf } from '../http/actor.ts'
import type { Http, HttpRequest } from '../http/http.ts'
import { AppError } from '../lib/app-error.ts'
import { countAttempt } from './attempt-store.ts'
import { camerasOf } from './camera-rights.ts'
import { tooManyAttempts } from './check-password.ts'
import type { AccountDeps } from './deps.ts'
import { addToken, endToken, listTokens } from './token-store.ts'

const params = z.strictObject({ id })
const nothing = z.strictObject({})
const limit = { attempts: 100, windowMs: 3_600_000 }

export function tokenRoutes(http: Http, { db, clock, change }: AccountDeps): void {
  http.get(
    '/api/me/tokens',
    { config: { access: { kind: 'self' } }, schema: { response: { 200: tokenList } } },
    async (request) => ({ tokens: await listTokens(db, request.caller.userId) }),
  )

  http.post(
    '/api/me/tokens',
    { config: { access: { kind: 'self', fresh: true } }, schema: { body: newToken, response: { 201: madeToken } } },
    async (request, reply) => {
      if (request.caller.mustEnrol)
        throw new AppError('second_factor_required', 'Your account needs a second factor: set one up in your profile.')
      const { userId } = request.caller
      // Each is two entries of the audit log, which nobody is to fill.
      if (!(await countAttempt(db, [`tokens:${userId}`], clock.nowMs(), limit))) throw tooManyAttempts()
      await requireOwnCameras(request, request.body.cameras)
      const made = await change(
        async (trx) => {
          const { id, token } = await addToken(trx, { userId, ...request.body }, clock.nowMs())
          const view = (await listTokens(trx, userId)).find((one) => one.id === id)
          if (!view) throw new AppError('conflict', 'The token was ended as soon as it was made.')
          return { token, view }
        },
        ({ view: { id, name, rights, cameras, expiresMs } }) => {
          const detail = { name, rights, cameras, expiresMs }
          return { kind: 'token.made', ...actorOf(request), object: `token ${id}`, detail }
        },
      )
      return reply.status(201).send(made)
    },
  )

  http.delete(
    '/api/me/tokens/:id',
    { config: { access: { kind: 'self' } }, schema: { params, response: { 200: nothing } } },
    async (request) => end(request, request.params.id, request.caller.userId),
  )

  http.get(
    '/api/tokens',
    { config: { access: { kind: 'admin' } }, schema: { response: { 200: tokenList } } },
    async () => ({ tokens: await listTokens(db) }),
  )

  http.delete(
    '/api/tokens/:id',
    { config: { access: { kind: 'admin' } }, schema: { params, response: { 200: nothing } } },
    async (request) => end(request, request.params.id),
  )

  async function end(request: HttpRequest, tokenId: string, userId?: string) {
    await change(
      async (trx) => {
        if (!(await endToken(trx, tokenId, userId))) throw new AppError('not_found', 'There is no such token.')
      },
      () => ({ kind: 'token.ended', ...actorOf(request), object: `token ${tokenId}` }),
    )
    return {}
  }

  /** A camera that the user does not have is named like one that does not exist. */
  async function requireOwnCameras(request: HttpRequest, cameras: readonly string[] | null): Promise<void> {
    const own = await camerasOf(db, request.caller, 'any')
    if (cameras === null || own === 'all' || cameras.every((camera) => own.includes(camera))) return
    throw new AppError('bad_request', 'There is no such camera.', { field: 'cameras' })
  }
}
