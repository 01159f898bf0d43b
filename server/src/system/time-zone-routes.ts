/** The installation's time zone: everybody may read it, administrators change it. */
import type { WriteAudit } from '@vedette/shared/audit.ts'
import { installationZone } from '@vedette/shared/time-zone.ts'
import type { Db } from '../db/database.ts'
import { actorOf } from '../http/actor.ts'
import type { Http } from '../http/http.ts'
import { readTimeZone, writeTimeZone } from './time-zone-store.ts'

export interface TimeZoneDeps {
  readonly db: Db
  readonly audit: WriteAudit
  /** Cameras with a schedule record by the new zone. */
  readonly onZoneChanged: () => Promise<void>
}

export function timeZoneRoutes(http: Http, { db, audit, onZoneChanged }: TimeZoneDeps): void {
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
      const before = await readTimeZone(db)
      const { timeZone } = request.body
      await writeTimeZone(db, timeZone)
      const detail = { before: { timeZone: before }, after: { timeZone } }
      await audit({ kind: 'time_zone.changed', ...actorOf(request), detail })
      await onZoneChanged()
      return { timeZone }
    },
  )
}
