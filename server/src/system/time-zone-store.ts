/** The installation's time zone: schedules count in it. Until somebody chooses one it is the host's. */
import { ownZone, timeZone } from '@vedette/shared/local-time.ts'
import type { Db } from '../db/database.ts'

const key = 'system.time_zone'

export async function readTimeZone(db: Db): Promise<string> {
  const row = await db.selectFrom('setting').select('value').where('key', '=', key).executeTakeFirst()
  // A zone that a later runtime does not know any more must not stop the recording.
  const stored = timeZone.safeParse(row && JSON.parse(row.value))
  return stored.success ? stored.data : ownZone()
}

export async function writeTimeZone(db: Db, zone: string): Promise<void> {
  const value = JSON.stringify(zone)
  await db
    .insertInto('setting')
    .values({ key, value })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
    .execute()
}
