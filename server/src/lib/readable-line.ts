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

/** Takes one line of JSON with its line end; what is none comes back as it is. `isColoured`: for a terminal. */
export function readableLine(line: string, isColoured = false): string {
  const parsed = record.safeParse(parseJson(line))
  if (!parsed.success) return line
  const { level, time, name, msg, err, ...rest } = parsed.data
  const weight = level >= errorLevel ? 'ERROR ' : level >= warnLevel ? 'WARNING ' : ''
  const facts = Object.entries(rest).map(([key, value]) => `  ${key}=${JSON.stringify(value)}`)
  // Indented, so that no text of a camera or user can pass for a record of its own.
  const trouble = err ? (err.stack ?? err.message).split('\n').map((part) => `\n    ${harmless(part)}`) : []
  const paint = (code: number, text: string) => (isColoured && text !== '' ? `\x1b[${code}m${text}\x1b[0m` : text)
  const head = `${paint(2, `${harmless(time.slice(11, 19))} ${harmless(name).padEnd(8)}`)} ${paint(level >= errorLevel ? 31 : 33, weight)}`
  return `${head}${harmless(msg)}${paint(2, harmless(facts.join('')))}${trouble.join('')}\n`
}

/** A camera's words must not move the cursor, colour the terminal, begin a line or turn the direction of text. */
export const harmless = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?')

/** The same for a text of several lines. */
export const harmlessLines = (text: string): string => text.split('\n').map(harmless).join('\n')

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
