/**
 * What a record goes through before it leaves the process: secrets out (redact.ts), characters that could deceive a reader
 * escaped, its length bounded. Takes and gives one line of JSON. SECURITY.md R22, R23.
 */
import { z } from 'zod'
import { redact } from './redact.ts'

export const maxRecordLength = 64 * 1024
const keptOfCut = 8 * 1024

/**
 * JSON leaves these as they are: DEL and C1 (0x9b begins a terminal's command), what joins, hides or turns the direction of
 * text, and the other line ends of Unicode.
 */
const deceptive = /[\u007f-\u009f\u00ad\u061c\u115f\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g

export function cleanRecord(line: string): string {
  const text = redact(line.endsWith('\n') ? line.slice(0, -1) : line)
  const short = text.length > maxRecordLength ? cut(text) : text
  return `${short.replace(deceptive, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)}\n`
}

const fixedFields = z.object({
  level: z.number().catch(30),
  time: z.string().max(40).catch(''),
  name: z.string().max(40).catch(''),
  camera: z.string().max(40).optional().catch(undefined),
  msg: z.string().catch(''),
})

/** The fields that records are found by, and the beginning of the rest. */
function cut(text: string): string {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    value = {}
  }
  const { msg, ...fixed } = fixedFields.catch({ level: 30, time: '', name: '', msg: '' }).parse(value)
  return JSON.stringify({ ...fixed, msg: msg.slice(0, 1024), cutFrom: text.length, begins: text.slice(0, keptOfCut) })
}
