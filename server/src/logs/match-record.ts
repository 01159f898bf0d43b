/** Which records a query means, and how they are shown. Pure; user text is looked for as it is, never as a pattern. */
import { type LogLevelName, type LogQuery, type LogRecord, logLevel } from '@vedette/shared/logs.ts'
import { z } from 'zod'
import type { FoundLine } from './read-log.ts'

const form = z.looseObject({
  level: z.number(),
  time: z.string().max(40),
  name: z.string().max(40),
  room: z.string().max(40).optional(),
  camera: z.string().max(40).optional(),
  msg: z.string().default(''),
})

const levelNumbers: Record<LogLevelName, number> = { debug: 20, info: 30, warn: 40, error: 50 }

/** Looks at the raw line first: most are refused without being parsed. */
export function recordMatcher(query: LogQuery): (line: string) => boolean {
  const { level, process, room, camera, text } = query
  const needle = text?.toLowerCase()
  const pieces = [camera && `"${camera}"`, room && `"${room}"`, process && `"${process}"`].filter(
    (piece) => piece !== undefined,
  )
  return (line) => {
    if (pieces.some((piece) => !line.includes(piece))) return false
    if (needle !== undefined && !line.toLowerCase().includes(needle) && !shownText(line).includes(needle)) return false
    const record = parseRecord(line)
    return (
      record !== undefined &&
      (level === undefined || record.level >= levelNumbers[level]) &&
      (process === undefined || record.name === process) &&
      (room === undefined || record.room === room) &&
      (camera === undefined || record.camera === camera)
    )
  }
}

export function showRecord({ place, line }: FoundLine): LogRecord {
  const parsed = parseRecord(line)
  if (!parsed)
    return {
      place,
      time: '',
      level: 'info',
      process: '',
      room: null,
      camera: null,
      message: '',
      facts: line.slice(0, 1000),
    }
  const { level, time, name, room, camera, msg, ...facts } = parsed
  return {
    place,
    time,
    level: logLevel.options.findLast((one) => level >= levelNumbers[one]) ?? 'debug',
    process: name,
    room: room ?? null,
    camera: camera ?? null,
    message: msg,
    facts: Object.keys(facts).length === 0 ? '' : JSON.stringify(facts, null, 1),
  }
}

/** In the line quotes and other letters may be escaped; a person types what is shown. */
function shownText(line: string): string {
  const record = parseRecord(line)
  return record
    ? `${record.msg} ${Object.values(record)
        .filter((value) => typeof value === 'string')
        .join(' ')}`.toLowerCase()
    : ''
}

function parseRecord(line: string): z.infer<typeof form> | undefined {
  try {
    return form.safeParse(JSON.parse(line)).data
  } catch {
    return undefined // Cut off by a power failure.
  }
}
