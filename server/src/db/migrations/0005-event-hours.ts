/**
 * Counts of events per camera and hour: a year of the timeline must not count a million rows.
 * The database keeps them itself (triggers), so they cannot drift from the events, whoever writes those.
 */
import { type Kysely, sql } from 'kysely'
import type { Migration } from '../migrate.ts'
import type { Tables } from '../tables.ts'

const hourMs = 3_600_000

export const eventHours: Migration = {
  name: '0005-event-hours',
  up: async (trx, kind) => {
    await trx.schema
      .createTable('event_hour')
      .addColumn('camera_id', 'text', (c) => c.notNull())
      .addColumn('hour_ms', 'bigint', (c) => c.notNull())
      .addColumn('events', 'integer', (c) => c.notNull()) // Events that begin in the hour.
      .addPrimaryKeyConstraint('event_hour_pk', ['camera_id', 'hour_ms'])
      .modifyEnd(kind === 'sqlite' ? sql`without rowid` : sql``)
      .execute()
    // Retention asks which footage is kept; few events are.
    await trx.schema
      .createIndex('event_kept')
      .on('event')
      .columns(['camera_id', 'start_ms'])
      .where(sql<boolean>`kept = 1`)
      .execute()
    await (kind === 'sqlite' ? sqliteTriggers(trx) : postgresTriggers(trx))
  },
}

async function sqliteTriggers(trx: Kysely<Tables>): Promise<void> {
  const add = (row: string, count: number) =>
    sql.raw(`insert into event_hour (camera_id, hour_ms, events)
      values (${row}.camera_id, ${row}.start_ms - ${row}.start_ms % ${hourMs}, ${count})
      on conflict (camera_id, hour_ms) do update set events = events + ${count}`)
  await sql`create trigger event_hour_insert after insert on event begin ${add('new', 1)}; end`.execute(trx)
  await sql`create trigger event_hour_delete after delete on event begin ${add('old', -1)}; end`.execute(trx)
  await sql`create trigger event_hour_move after update of camera_id, start_ms on event
    when old.camera_id <> new.camera_id or old.start_ms <> new.start_ms
    begin ${add('old', -1)}; ${add('new', 1)}; end`.execute(trx)
}

/** Per statement, not per row: a thousand rows of one insert would else rewrite one count a thousand times. */
async function postgresTriggers(trx: Kysely<Tables>): Promise<void> {
  const add = (rows: string, sign: string) =>
    sql.raw(`insert into event_hour (camera_id, hour_ms, events)
      select camera_id, start_ms - start_ms % ${hourMs}, ${sign}count(*) from ${rows} group by 1, 2 order by 1, 2
      on conflict (camera_id, hour_ms) do update set events = event_hour.events + excluded.events;`)
  await sql`create function count_event_hours() returns trigger language plpgsql as $$
    begin
      if tg_op <> 'INSERT' then ${add('old_rows', '-')} end if;
      if tg_op <> 'DELETE' then ${add('new_rows', '')} end if;
      return null;
    end $$`.execute(trx)
  const triggers = [
    ['insert', 'new table as new_rows'],
    ['delete', 'old table as old_rows'],
    ['update', 'old table as old_rows new table as new_rows'],
  ]
  for (const [operation, tables] of triggers)
    await sql
      .raw(
        `create trigger event_hour_${operation} after ${operation} on event
         referencing ${tables} for each statement execute function count_event_hours()`,
      )
      .execute(trx)
}
