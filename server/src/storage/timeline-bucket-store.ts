/** The SQL expressions that the reads of the timeline share. */
import { type Expression, type RawBuilder, sql } from 'kysely'
import type { Buckets } from './timeline-layout.ts'

/**
 * The number of the bucket in which a time lies. Both databases cut towards zero here: PostgreSQL divides integers,
 * SQLite gets floating point from JavaScript and cuts in the cast.
 */
export function bucketOf(timeMs: Expression<number>, { originMs, bucketMs }: Buckets): RawBuilder<number> {
  return sql<number>`cast((${timeMs} - ${originMs}) / ${bucketMs} as integer)`
}

/**
 * Whole numbers of many rows as one text, "3 1,7 2": a driver needs longer for a thousand rows than for this.
 * PostgreSQL has string_agg, and so has SQLite since 3.44. Read it with `unpack`.
 */
export function packed(...numbers: readonly Expression<number>[]): RawBuilder<string> {
  const texts = numbers.map((number) => sql`cast(${number} as text)`)
  return sql<string>`string_agg(${sql.join(texts, sql` || ' ' || `)}, ',')`
}

/** The rows of `packed`, in no order. */
export function unpack(text: string): number[][] {
  return text.split(',').map((row) => row.split(' ').map(Number))
}
