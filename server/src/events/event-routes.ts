/** Events over the API: list, one, its picture, keep, and one made by hand. */
import { type EventView, eventChange, eventPage, eventQuery, eventView } from '@vedette/shared/event.ts'
import { id } from '@vedette/shared/id.ts'
import { z } from 'zod'
import type { Db } from '../db/database.ts'
import type { AuditedChange } from '../db/in-transaction.ts'
import { actorOf } from '../http/actor.ts'
import { requireFresh } from '../http/guard.ts'
import type { Http } from '../http/http.ts'
import { AppError } from '../lib/app-error.ts'
import type { Clock } from '../lib/clock.ts'
import { findEvent, keepEvent, listEvents } from './event-store.ts'

export interface EventDeps {
  readonly db: Db
  readonly clock: Clock
  readonly change: AuditedChange
  /** Open pages hear of it. */
  readonly onChanged: (event: EventView) => void
  /** Bytes of an event's JPEG; undefined where it is gone. */
  readonly readPicture: (event: { id: string; cameraId: string; startMs: number }) => Promise<Buffer | undefined>
}

const params = z.strictObject({ id })
const replayEvent = { access: { kind: 'camera', right: 'replay', object: 'event' } } as const
const shownEvent = { access: { ...replayEvent.access, shows: 'footage' } } as const

export function eventRoutes(http: Http, deps: EventDeps): void {
  const { db } = deps

  http.get(
    '/api/events',
    {
      config: { access: { kind: 'cameras', right: 'replay' } },
      schema: { querystring: eventQuery, response: { 200: eventPage } },
    },
    (request) => listEvents(db, request.cameras, request.query),
  )

  http.get('/api/events/:id', { config: replayEvent, schema: { params, response: { 200: eventView } } }, (request) =>
    getEvent(request.params.id),
  )

  http.get('/api/events/:id/picture.jpg', { config: shownEvent, schema: { params } }, async (request, reply) => {
    const picture = await deps.readPicture(await getEvent(request.params.id))
    if (!picture) throw new AppError('not_found', 'This event has no picture.')
    return reply.headers({ 'content-type': 'image/jpeg', 'cache-control': 'private, no-store' }).send(picture)
  })

  http.patch(
    '/api/events/:id',
    {
      config: { access: { kind: 'admin' } },
      schema: { params, body: eventChange, response: { 200: eventView } },
    },
    async (request) => {
      const event = await getEvent(request.params.id)
      const { kept } = request.body
      if (event.kept === kept) return event
      // Its footage may be too old for every other rule, and go at once (access.md R9).
      const stale = kept ? undefined : requireFresh(request.caller, deps.clock.nowMs())
      if (stale) throw stale
      const kind = kept ? 'event.kept' : 'event.let_go'
      const object = `camera ${event.cameraId}`
      await deps.change(
        (trx) => keepEvent(trx, event.id, kept),
        () => ({ kind, ...actorOf(request), object, detail: { event: event.id, startMs: event.startMs } }),
      )
      const changed = await getEvent(event.id)
      deps.onChanged(changed)
      return changed
    },
  )

  async function getEvent(eventId: string) {
    const event = await findEvent(db, eventId)
    if (!event) throw new AppError('not_found', 'There is no such event.')
    return event
  }
}
