/**
 * Reads the log's files from their ends, in slices, until there are enough records or enough was read.
 *
 * Bound:     `maxReadBytes` a call, in slices of `sliceBytes` between which other requests have their turn.
 * Invariant: a place is a file's inode and a distance into it: rotation renames files and changes no place.
 * Not here:  what a record matches (match-record.ts).
 */
import { constants } from 'node:fs'
import { type FileHandle, open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { logFileName } from '../lib/log-file.ts'

export interface FoundLine {
  readonly place: string
  readonly line: string
}
export interface ReadLines {
  readonly lines: readonly FoundLine[]
  /** Backwards: where to go on; null at the beginning. Forwards: the end that was read to. */
  readonly next: string | null
}
export interface ReadOptions {
  readonly folder: string
  readonly limit: number
  readonly isWanted: (line: string) => boolean
  readonly maxReadBytes?: number
}

const defaultMaxReadBytes = 4 * 1024 * 1024
const sliceBytes = 128 * 1024

interface OpenFile {
  readonly file: FileHandle
  readonly inode: string
  readonly size: number
}

/** From `before`, or from the end. */
export async function readBackwards(options: ReadOptions, before?: string): Promise<ReadLines> {
  await using files = await openFiles(options.folder)
  const lines: FoundLine[] = []
  let budget = options.maxReadBytes ?? defaultMaxReadBytes
  const [inode, offset] = before?.split('.') ?? []
  const first = inode === undefined ? 0 : files.all.findIndex((one) => one.inode === inode)
  if (first === -1) return { lines, next: null } // The file is gone: everything before it, too.
  for (const [i, { file, inode, size }] of files.all.entries()) {
    if (i < first) continue
    let end = i === first && offset !== undefined ? Math.min(Number(offset), size) : size
    while (end > 0) {
      if (budget <= 0) return { lines, next: `${inode}.${end}` }
      const start = Math.max(0, end - sliceBytes)
      const slice = await readSlice(file, start, end)
      budget -= slice.length
      // What stands before the first line end belongs to a line that begins earlier.
      const from = start === 0 ? 0 : slice.indexOf(10) + 1
      if (start > 0 && from === 0) {
        end = start // A slice without a line end holds no record of ours.
        continue
      }
      const places = linesIn(slice, from)
      for (const [lineStart, lineEnd] of places.reverse()) {
        const line = slice.toString('utf8', lineStart, lineEnd)
        const place = `${inode}.${start + lineStart}`
        if (!options.isWanted(line)) continue
        lines.push({ place, line })
        if (lines.length === options.limit)
          return { lines, next: start + lineStart === 0 ? lastOf(files.all, i) : place }
      }
      end = start + from
    }
  }
  return { lines, next: null }
}

/** What was written since `after`, oldest first; without it only where the end is. Only whole lines. */
export async function readForwards(options: ReadOptions, after?: string): Promise<ReadLines> {
  await using files = await openFiles(options.folder)
  const newest = files.all[0]
  if (!newest) return { lines: [], next: null }
  const [inode, offset] = after?.split('.') ?? []
  const first = files.all.findIndex((one) => one.inode === inode)
  if (after === undefined) return { lines: [], next: `${newest.inode}.${newest.size}` }
  const lines: FoundLine[] = []
  let budget = options.maxReadBytes ?? defaultMaxReadBytes
  // A file that is gone was rotated away: the oldest that is left is what comes next.
  const from = first === -1 ? files.all.length - 1 : first
  for (let i = from; i >= 0; i--) {
    const one = files.all[i]
    if (!one) break
    let start = i === first ? Math.min(Number(offset), one.size) : 0
    while (start < one.size) {
      const slice = await readSlice(one.file, start, Math.min(one.size, start + sliceBytes))
      budget -= slice.length
      const whole = slice.lastIndexOf(10) + 1
      if (whole === 0) break
      for (const [lineStart, lineEnd] of linesIn(slice.subarray(0, whole), 0)) {
        const line = slice.toString('utf8', lineStart, lineEnd)
        if (options.isWanted(line)) lines.push({ place: `${one.inode}.${start + lineStart}`, line })
        if (lines.length === options.limit) return { lines, next: `${one.inode}.${start + lineEnd + 1}` }
      }
      start += whole
      if (budget <= 0) return { lines, next: `${one.inode}.${start}` }
    }
    if (i === 0) return { lines, next: `${one.inode}.${start}` }
  }
  return { lines, next: `${newest.inode}.${newest.size}` }
}

/** All files, the oldest first, slice by slice and only whole lines. */
export async function* readAll(folder: string): AsyncGenerator<string> {
  await using files = await openFiles(folder)
  for (const { file, size } of [...files.all].reverse()) {
    let rest: Buffer = Buffer.alloc(0)
    for (let start = 0; start < size; start += sliceBytes) {
      const slice = Buffer.concat([rest, await readSlice(file, start, Math.min(size, start + sliceBytes))])
      const whole = slice.lastIndexOf(10) + 1
      for (const [lineStart, lineEnd] of linesIn(slice.subarray(0, whole), 0))
        yield slice.toString('utf8', lineStart, lineEnd)
      rest = slice.length - whole > sliceBytes ? Buffer.alloc(0) : slice.subarray(whole)
    }
  }
}

/** The files as they are now, the newest first; held open, so that a rotation meanwhile changes nothing. */
async function openFiles(folder: string): Promise<AsyncDisposable & { readonly all: readonly OpenFile[] }> {
  const names = await readdir(folder).catch(() => [])
  const numbered = names
    .filter((name) => name === logFileName || (name.startsWith(`${logFileName}.`) && /^\d$/.test(name.slice(-1))))
    .sort()
  const all: OpenFile[] = []
  for (const name of numbered) {
    // One that was rotated away in between is not missed: its lines are the oldest.
    // Without waiting: a named pipe in a file's place would hold one of the few threads for ever.
    const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK
    const file = await open(join(folder, name), flags).catch(() => undefined)
    if (!file) continue
    const facts = await file.stat()
    const { ino, size, mtimeMs } = facts
    const inode = String(ino)
    if (!facts.isFile() || all.some((one) => one.inode === inode) || mtimeMs === 0) await file.close()
    else all.push({ file, inode, size })
  }
  return {
    all,
    [Symbol.asyncDispose]: async () => {
      for (const { file } of all) await file.close()
    },
  }
}

async function readSlice(file: FileHandle, start: number, end: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(end - start), 0, end - start, start)
  return buffer.subarray(0, bytesRead)
}

/** Start and end of each line of a slice; the last may lack its end. */
function linesIn(slice: Buffer, from: number): [number, number][] {
  const found: [number, number][] = []
  for (let start = from; start < slice.length; ) {
    const end = slice.indexOf(10, start)
    found.push([start, end === -1 ? slice.length : end])
    if (end === -1) break
    start = end + 1
  }
  return found
}

/** The end of the file before this one in time. */
function lastOf(files: readonly OpenFile[], i: number): string | null {
  const older = files[i + 1]
  return older ? `${older.inode}.${older.size}` : null
}
