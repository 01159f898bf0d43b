/**
 * Where the chain ended last, in a file of the data folder: without it, entries cut off at the end would leave a whole chain.
 * Written before the first entry, of a log of nothing, and after every one, the newest only; a lost write makes the check weaker,
 * never wrong: after the first entry a file is there, so one that is missing was taken away.
 * Invariant: signed with the chain's key, so that nobody without it can write one that fits a log that was cut; and never ahead of
 * what the database keeps through a power cut.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { constants } from 'node:fs'
import { open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { ChainEnd } from './audit-store.ts'

const hex = z.string().regex(/^[0-9a-f]{64}$/)
const fileForm = z.strictObject({ seq: z.number().int().min(0), hash: hex, mac: hex })
const unsignedForm = z.strictObject({ seq: z.number().int().min(1), hash: hex })
/** Not through a link, should somebody have put one there. */
const newOrOurs = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NOFOLLOW
const pathIn = (dataDir: string) => join(dataDir, 'audit-head.json')

/** Where a log ends that has no entry yet. */
export const endOfNothing: ChainEnd = { seq: 0, hash: '0'.repeat(64) }

/** What the file says: an end, one of an earlier Vedette (anybody could write it), that it is none of ours, or is not there. */
export type SeenEnd = ChainEnd | 'unsigned' | 'damaged' | 'gone'

export async function writeAuditHead(dataDir: string, key: Buffer, { seq, hash }: ChainEnd): Promise<void> {
  await syncDatabase(dataDir)
  const path = pathIn(dataDir)
  const part = `${path}.${process.pid}.new` // The command line may be writing as well.
  const text = JSON.stringify({ seq, hash, mac: macOf(key, { seq, hash }) })
  {
    await using file = await open(part, newOrOurs, 0o600)
    await file.writeFile(text)
    await file.datasync() // Or a power cut may leave an empty file in its place, which looks like a forged one.
  }
  await rename(part, path)
}

/** Throws what says nothing about the file: too many are open, the disk fails. */
export async function readAuditHead(dataDir: string, key: Buffer): Promise<SeenEnd> {
  const text = await readFile(pathIn(dataDir), 'utf8').catch((error: unknown) => {
    const code = codeOf(error)
    if (code === 'ENOENT') return undefined
    if (code === 'EACCES' || code === 'EISDIR' || code === 'ELOOP') return '' // There, and not to be read.
    throw error
  })
  if (text === undefined) return 'gone'
  try {
    const found: unknown = JSON.parse(text)
    if (unsignedForm.safeParse(found).success) return 'unsigned'
    const { mac, ...end } = fileForm.parse(found)
    return timingSafeEqual(Buffer.from(mac), Buffer.from(macOf(key, end))) ? end : 'damaged'
  } catch {
    return 'damaged'
  }
}

/** The end goes with a database that is put aside: the next one begins another log, with another key. */
export async function putAuditHeadAside(dataDir: string, ending: string): Promise<void> {
  try {
    await rename(pathIn(dataDir), pathIn(dataDir) + ending)
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error
  }
}

function macOf(key: Buffer, { seq, hash }: ChainEnd): string {
  return createHmac('sha256', key).update(`end of the audit log: ${seq} ${hash}`).digest('hex')
}

/** SQLite's newest transactions lie in its log, which a power cut may shorten by some seconds (db/database.ts). */
async function syncDatabase(dataDir: string): Promise<void> {
  try {
    await using log = await open(join(dataDir, 'vedette.db-wal'), constants.O_RDWR | constants.O_NOFOLLOW)
    await log.datasync()
  } catch (error) {
    // PostgreSQL, or everything was copied into the database.
    if (codeOf(error) !== 'ENOENT') throw error
  }
}

const codeOf = (error: unknown) => (error instanceof Error && 'code' in error ? error.code : undefined)
