import { sql } from 'kysely'
import type { Migration } from '../migrate.ts'

/**
 * Which clock epoch is the newest is asked at every start. Hardly a clock is ever set back, so the two indexes hold
 * nothing on most installations and cost an insert nothing; without them the question walks through every segment
 * (measured with a million: 52 to 125 ms for each camera).
 */
export const clockEpochs: Migration = {
  name: '0011-clock-epochs',
  up: async (trx) => {
    await trx.schema
      .createIndex('segment_epoch')
      .on('segment')
      .columns(['clock_epoch'])
      .where(sql<boolean>`clock_epoch > 0`)
      .execute()
    await trx.schema
      .createIndex('segment_epoch_place')
      .on('segment')
      .columns(['camera_id', 'stream', 'clock_epoch', 'start_ms'])
      .where(sql<boolean>`clock_epoch > 0`)
      .execute()
  },
}
