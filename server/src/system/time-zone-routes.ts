/** The installation's time zone: everybody may read it, administrators change it. */
import { installationZone } from '@vedette/shared/time-zone.ts'
import type { Db } from '../db/database.ts'
import type { AuditedChange } from '../db/in-transaction.ts'
import { actorOf } from '../http/actor.ts'
import type { Http } from '../http/http.ts'
import { readTimeZone, writeTimeZone } from './time-zone-store.ts'

export interface TimeZoneDeps {
  readonly db: Db
  readonly change: AuditedChange
  /** Cameras with a schedule record by the new zone. */
  readonly onZoneChanged: () => Promise<void>
}

export function timeZoneRoutes(http: Http, { db, change, onZoneChanged }: TimeZoneDeps): void {
  http.get(
    '/api/time-zone',
    { config: { access: { kind: 'self', tokens: true } }, schema: { response: { 200: installationZone } } },
    async () => ({ timeZone: await readTimeZone(db) }),
  )

  http.patch(
    '/api/time-zone',
    {
      config: { access: { kind: 'admin' } },
      schema: { body: installationZone, response: { 200: installationZone } },
    },
    async (request) => {
      const { timeZone } = request.body
      await change(
        async (trx) => {
          const before = await readTimeZone(trx)
          await writeTimeZone(trx, timeZone)
          return { before: { timeZone: before }, after: { timeZone } }
        },
        (detail) => ({ kind: 'time_zone.changed', ...actorOf(request), detail }),
      )
      await onZoneChanged()
      return { timeZone }
    },
  )
}
