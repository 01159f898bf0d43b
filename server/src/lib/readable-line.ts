/** A log record as a person reads it: time (UTC), who, what, and the rest as key=value. Pure. */
import { z } from 'zod'

const record = z.looseObject({
  level: z.number(),
  time: z.string(),
  name: z.string(),
  msg: z.string().default(''),
  err: z.looseObject({ message: z.string(), stack: z.string().optional() }).optional(),
})

const warnLevel = 40
const errorLevel = 50

/** Takes one line of JSON with its line end; what is none comes back as it is. */
export function readableLine(line: string): string {
  const parsed = record.safeParse(parseJson(line))
  if (!parsed.success) return line
  const { level, time, name, msg, err, ...rest } = parsed.data
  const weight = level >= errorLevel ? 'ERROR ' : level >= warnLevel ? 'WARNING ' : ''
  const facts = Object.entries(rest).map(([key, value]) => `  ${key}=${JSON.stringify(value)}`)
  const trouble = err ? `\n${err.stack ?? err.message}` : ''
  return `${harmless(`${time.slice(11, 19)} ${name.padEnd(8)} ${weight}${msg}${facts.join('')}${trouble}`)}\n`
}

/** A camera's words must not move the cursor or colour the terminal. */
const harmless = (text: string) => text.replace(/[^\P{Cc}\n]/gu, '?')

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
