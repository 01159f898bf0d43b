/** The one SQL expression that all reads of the timeline share. */
import { type Expression, type RawBuilder, sql } from 'kysely'
import type { Buckets } from './timeline-layout.ts'

/**
 * The number of the bucket in which a time lies. Both databases cut towards zero here: PostgreSQL divides integers,
 * SQLite gets floating point from JavaScript and cuts in the cast.
 */
export function bucketOf(timeMs: Expression<number>, { originMs, bucketMs }: Buckets): RawBuilder<number> {
  return sql<number>`cast((${timeMs} - ${originMs}) / ${bucketMs} as integer)`
}
