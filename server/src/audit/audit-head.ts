/**
 * Where the chain ended last, in a file of the data folder: without it, entries cut off at the end would leave a whole chain.
 * Written after every entry, the newest only; a lost write makes the check weaker, never wrong.
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
const fileForm = z.strictObject({ seq: z.number().int().min(1), hash: hex, mac: hex })
/** Not through a link, should somebody have put one there. */
const newOrOurs = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NOFOLLOW
const pathIn = (dataDir: string) => join(dataDir, 'audit-head.json')

/** What the file says: an end, that it is not one of ours, or that it is not there. */
export type SeenEnd = ChainEnd | 'damaged' | 'gone'

export async function writeAuditHead(dataDir: string, key: Buffer, { seq, hash }: ChainEnd): Promise<void> {
  await syncDatabase(dataDir)
  const path = pathIn(dataDir)
  const text = JSON.stringify({ seq, hash, mac: macOf(key, { seq, hash }) })
  {
    await using file = await open(`${path}.new`, newOrOurs, 0o600)
    await file.writeFile(text)
    await file.datasync() // Or a power cut may leave an empty file in its place, which looks like a forged one.
  }
  await rename(`${path}.new`, path)
}

export async function readAuditHead(dataDir: string, key: Buffer): Promise<SeenEnd> {
  const text = await readFile(pathIn(dataDir), 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    return '' // There, and not to be read.
  })
  if (text === undefined) return 'gone'
  try {
    const { mac, ...end } = fileForm.parse(JSON.parse(text))
    return timingSafeEqual(Buffer.from(mac), Buffer.from(macOf(key, end))) ? end : 'damaged'
  } catch {
    return 'damaged'
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
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
  }
}
