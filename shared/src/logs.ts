/** The program's own log, for administrators: records by level, process, room, camera and text, and the whole as a file. */
import { z } from 'zod'
import { id } from './id.ts'

export const logLevel = z.enum(['debug', 'info', 'warn', 'error'])
export type LogLevelName = z.infer<typeof logLevel>
export const logProcess = z.enum(['control', 'recorder', 'vision'])

/** A place in the log: which file, and how many bytes into it. Survives rotation. */
export const logPlace = z.string().regex(/^\d{1,20}\.\d{1,15}$/)

/** GET /api/logs: the newest first, or with `after` what came since, the oldest first. */
export const logQuery = z.strictObject({
  /** At least this grave. */
  level: logLevel.optional(),
  process: logProcess.optional(),
  /** Part of the program, as the folders of its code are called. */
  room: z
    .string()
    .regex(/^[a-z]{2,20}$/)
    .optional(),
  camera: id.optional(),
  /** Anywhere in the record; upper and lower case are the same. */
  text: z.string().min(1).max(200).optional(),
  before: logPlace.optional(),
  after: logPlace.optional(),
  limit: z.coerce.number().int().min(1).max(500).default(200),
})
export type LogQuery = z.infer<typeof logQuery>

export const logRecord = z.strictObject({
  place: logPlace,
  time: z.string(),
  level: logLevel,
  process: z.string(),
  room: z.string().nullable(),
  camera: z.string().nullable(),
  message: z.string(),
  /** The rest of the record, as JSON. */
  facts: z.string(),
})
export type LogRecord = z.infer<typeof logRecord>

export const logPage = z.strictObject({
  records: z.array(logRecord),
  /** Where to go on reading backwards; null: that was the beginning. A page may be empty and not the last one. */
  before: logPlace.nullable(),
  /** Where to go on reading what is new. */
  after: logPlace.nullable(),
})
export type LogPage = z.infer<typeof logPage>
