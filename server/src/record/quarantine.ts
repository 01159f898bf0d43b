/**
 * Where files go that lie among the footage and are none: `<volume>/.quarantine`, with a list that says why. Nothing in
 * it is ever deleted by Vedette, and a name there is never overwritten.
 */
import { constants } from 'node:fs'
import { appendFile, type FileHandle, link, lstat, mkdir, open, rename, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { syncFolder } from './segment-file.ts'

const folderName = '.quarantine'
const listName = 'list.ndjson'
const maxListBytes = 4 * 1024 * 1024

const entry = z.object({
  /** Name in the quarantine folder. */
  name: z.string(),
  /** Where it was, relative to the volume's root. */
  from: z.string(),
  why: z.string(),
  atMs: z.number(),
})
export type QuarantineEntry = z.infer<typeof entry>

/** Moves a file, folder or link (itself, not its target) out of the footage. `from` is relative to the root. */
export async function quarantine(root: string, from: string, why: string, atMs: number): Promise<QuarantineEntry> {
  const folder = join(root, folderName)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const name = await freeName(folder, `${atMs}-${from.replaceAll('/', '-')}`.slice(0, 200))
  const moved = { name, from, why, atMs }
  await appendFile(join(folder, listName), `${JSON.stringify(moved)}\n`, { mode: 0o600 })
  await move(join(root, from), join(folder, name))
  await syncFolder(folder)
  return moved
}

/** The newest entries of the list; lines that a crash cut, or that are anything else, are left out. */
export async function listQuarantine(root: string): Promise<QuarantineEntry[]> {
  const text = await readEnd(join(root, folderName, listName))
  return text.split('\n').flatMap((line) => parseEntry(line) ?? [])
}

/** The last part of a list that anything may have grown; nothing where there is none. */
async function readEnd(path: string): Promise<string> {
  await using file = await openList(path)
  if (!file) return ''
  const { size } = await file.stat()
  const buffer = Buffer.alloc(Math.min(size, maxListBytes))
  const { bytesRead } = await file.read(buffer, 0, buffer.length, size - buffer.length)
  return buffer.toString('utf8', 0, bytesRead)
}

async function openList(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

function parseEntry(line: string): QuarantineEntry | undefined {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return undefined // Cut by a crash, or by our own reading of the end only.
  }
  return entry.safeParse(value).data
}

/** A regular file is linked first: unlike a rename, that never replaces what has the name. */
async function move(from: string, to: string): Promise<void> {
  const facts = await lstat(from)
  if (!facts.isFile()) return rename(from, to)
  await link(from, to)
  await unlink(from)
}

async function freeName(folder: string, wanted: string): Promise<string> {
  for (let n = 0; ; n++) {
    const name = n === 0 ? wanted : `${wanted}-${n}`
    const isTaken = await lstat(join(folder, name)).then(
      () => true,
      () => false,
    )
    if (!isTaken) return name
  }
}
