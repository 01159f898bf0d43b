/**
 * Reads what a recorder left in its journal. The file may be cut anywhere (power), so a line that is no note is counted
 * and skipped; it may be anything at all, so lines and file are bounded.
 */
import { createReadStream, existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { id } from '@vedette/shared/id.ts'
import { type NumberedNote, numberedNote, type OpenedNote } from './note.ts'

const maxLineBytes = 8192
const maxFileBytes = 256 * 1024 * 1024

/** Run ids of the journals in the folder, oldest first; none where the folder is not there. */
export function listJournals(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => name.endsWith('.ndjson') && id.safeParse(name.slice(0, -7)).success)
    .map((name) => name.slice(0, -7))
    .sort()
}

/** The notes in order. `onBadLine` hears of each line that is none. */
export async function* readJournal(
  folder: string,
  runId: string,
  onBadLine: () => void = () => {},
): AsyncGenerator<NumberedNote> {
  const path = join(folder, `${id.parse(runId)}.ndjson`)
  let rest = Buffer.alloc(0)
  let isSkipping = false
  for await (const chunk of createReadStream(path, { end: maxFileBytes })) {
    let bytes: Buffer = Buffer.concat([rest, chunk])
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10)) {
      const note = isSkipping ? undefined : parseLine(bytes.subarray(0, end))
      if (note) yield note
      else onBadLine()
      isSkipping = false
      bytes = bytes.subarray(end + 1)
    }
    isSkipping ||= bytes.length > maxLineBytes
    rest = isSkipping ? Buffer.alloc(0) : Buffer.from(bytes)
  }
  const last = rest.length > 0 && !isSkipping ? parseLine(rest) : undefined
  if (last) yield last
  else if (rest.length > 0 || isSkipping) onBadLine()
}

function parseLine(line: Buffer): NumberedNote | undefined {
  if (line.length > maxLineBytes) return undefined
  let value: unknown
  try {
    value = JSON.parse(line.toString('utf8'))
  } catch {
    return undefined // Cut by a crash.
  }
  return numberedNote.safeParse(value).data
}

/** The segments that a run began and did not end: what recovery has to look at. */
export async function unfinishedSegments(notes: AsyncIterable<NumberedNote>): Promise<OpenedNote[]> {
  const open = new Map<string, OpenedNote>()
  for await (const note of notes) {
    if (note.note === 'opened') {
      const { n: _n, ...opened } = note
      open.set(note.id, opened)
    } else if (note.note !== 'gap') open.delete(note.id)
  }
  return [...open.values()]
}
