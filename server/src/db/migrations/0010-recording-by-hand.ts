import type { Migration } from '../migrate.ts'

export const recordingByHand: Migration = {
  name: '0010-recording-by-hand',
  up: async (trx) => {
    // Of an event by hand that still lasts: when its recording is to end. Null: of any other.
    await trx.schema.alterTable('event').addColumn('until_ms', 'bigint').execute()
  },
}
