/** Identifiers: ULIDs (26 characters, ordered by time), the only form in which users name a thing. */
import { z } from 'zod'

export const id = z.string().regex(/^[0-9A-HJKMNP-TV-Z]{26}$/, 'not an id')

/** UTC milliseconds between 1970 and 2200; wall-clock times in the API and the database have this form. */
export const timeMs = z.number().int().min(0).max(7_258_118_400_000)
/** The same in a query string. */
export const queryTimeMs = z.coerce.number().pipe(timeMs)
