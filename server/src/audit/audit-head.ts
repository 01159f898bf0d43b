/**
 * Where the chain ended last, in a file of the data folder: without it, entries cut off at the end would leave a whole chain.
 * Written after every entry, the newest only; a lost write makes the check weaker, never wrong.
 */
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { ChainEnd } from './audit-store.ts'

const fileForm = z.strictObject({ seq: z.number().int().min(1), hash: z.string().length(64) })
const pathIn = (dataDir: string) => join(dataDir, 'audit-head.json')

export async function writeAuditHead(dataDir: string, end: ChainEnd): Promise<void> {
  const path = pathIn(dataDir)
  await writeFile(`${path}.new`, JSON.stringify(end), { mode: 0o600 })
  await rename(`${path}.new`, path)
}

/** Undefined where there is none; 'damaged' where it is not one of ours. */
export async function readAuditHead(dataDir: string): Promise<ChainEnd | 'damaged' | undefined> {
  const text = await readFile(pathIn(dataDir), 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  try {
    return fileForm.parse(JSON.parse(text))
  } catch {
    return 'damaged'
  }
}
