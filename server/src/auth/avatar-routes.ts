/** One's own picture, and for administrators everybody's. What is handed out is never what was sent, but what we made of it. */
import { maxAvatarBytes, newAvatar } from '@vedette/shared/avatar.ts'
import { id } from '@vedette/shared/id.ts'
import { me } from '@vedette/shared/user.ts'
import { z } from 'zod'
import type { Db } from '../db/database.ts'
import { actorOf } from '../http/actor.ts'
import type { Http, HttpReply, HttpRequest } from '../http/http.ts'
import { Seats } from '../http/seats.ts'
import { AppError } from '../lib/app-error.ts'
import { FairQueue, TooBusy } from '../lib/fair-queue.ts'
import { countAttempt } from './attempt-store.ts'
import { readAvatar, removeAvatar, setAvatar } from './avatar-store.ts'
import { tooManyAttempts } from './check-password.ts'
import type { AccountDeps } from './deps.ts'
import { viewMe } from './me-view.ts'
import { findUser } from './user-store.ts'

const access = { kind: 'self' } as const
/** Which picture the page means: it makes browsers ask again when there is another. */
const querystring = z.strictObject({ id: id.optional() })
/** Base64, and some room for the JSON around it. */
const bodyLimit = Math.ceil(maxAvatarBytes / 3) * 4 + 1000
/** Each is a process of its own for a moment. */
const limit = { attempts: 10, windowMs: 600_000 }

export function avatarRoutes(http: Http, deps: AccountDeps): void {
  const { db, clock, change } = deps
  /** Taken before the body comes in: many at once, each held back before its last byte, would fill the memory. */
  const uploads = new Seats(1, 8)
  const queue = new FairQueue({ atOnce: 1, waiting: 8, waitingPerKey: 1 })

  http.get('/api/me/avatar.jpg', { config: { access }, schema: { querystring } }, (request, reply) =>
    hand(reply, request.caller.userId),
  )
  http.get(
    '/api/users/:id/avatar.jpg',
    { config: { access: { kind: 'admin' } }, schema: { params: z.strictObject({ id }), querystring } },
    (request, reply) => hand(reply, request.params.id),
  )

  http.put(
    '/api/me/avatar',
    {
      bodyLimit,
      config: { access },
      schema: { body: newAvatar, response: { 200: me } },
      onRequest: async (request, reply) => {
        reply.raw.once('close', uploads.take(request.caller.userId))
      },
    },
    async (request) => {
      const { userId } = request.caller
      if (!(await countAttempt(db, [`avatar:${userId}`], clock.nowMs(), limit))) throw tooManyAttempts()
      const given = Buffer.from(request.body.jpeg, 'base64')
      const jpeg = await shrink(userId, given)
      return changing(request, 'changed', (trx) => setAvatar(trx, userId, jpeg, clock.nowMs()))
    },
  )

  http.delete('/api/me/avatar', { config: { access }, schema: { response: { 200: me } } }, (request) =>
    changing(request, 'removed', async (trx) => {
      if (!(await removeAvatar(trx, request.caller.userId))) throw new AppError('not_found', 'You have no picture.')
    }),
  )

  async function shrink(userId: string, jpeg: Buffer): Promise<Buffer> {
    try {
      return await queue.run(userId, () => deps.shrinkPicture(jpeg))
    } catch (error) {
      if (!(error instanceof TooBusy)) throw error
      throw new AppError('server_busy', 'Too many pictures at once: try again in a moment.', { retryAfterS: 5 })
    }
  }

  async function hand(reply: HttpReply, userId: string) {
    const jpeg = await readAvatar(db, userId)
    if (!jpeg) throw new AppError('not_found', 'There is nothing here.')
    return reply.type('image/jpeg').send(jpeg)
  }

  async function changing(request: HttpRequest, avatar: 'changed' | 'removed', work: (trx: Db) => Promise<unknown>) {
    await change(work, () => ({ kind: 'profile.changed', ...actorOf(request), detail: { avatar } }))
    const user = await findUser(db, request.caller.userId)
    if (!user) throw new AppError('unauthenticated', 'Sign in first.')
    return viewMe(db, user)
  }
}
