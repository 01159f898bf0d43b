/**
 * Lock files of processes: who works on a data folder, by process id, start time and the system's boot, so that a dead one's
 * lock counts for nothing, also after a power cut, when ids and start times come again. Whatever lies at a lock's place (cut off by a power failure, a link, a foreign file) counts as no lock.
 */
import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { open, rename, writeFile } from 'node:fs/promises'
import { z } from 'zod'
import { readBootId, readStartTicks } from './system/process-memory.ts'

const form = z.object({ pid: z.number().int().min(2), startTicks: z.string().min(1), bootId: z.string().optional() })
export type LockHolder = z.infer<typeof form>

const maxBytes = 1000
const othersMs = 100

/** The process that holds the lock, if it lives. */
export async function findHolder(path: string): Promise<LockHolder | undefined> {
  const holder = form.safeParse(parseJson(await readText(path))).data
  return holder && (await isAlive(holder)) ? holder : undefined
}

/** A lock without a boot is believed: it was written where the system does not tell. */
export async function isAlive({ pid, startTicks, bootId }: LockHolder): Promise<boolean> {
  if (bootId !== undefined && bootId !== (await readBootId())) return false
  return (await readStartTicks(pid)) === startTicks
}

/** Puts this process's name at the lock's place, whatever is there: a link is replaced, not followed. */
export async function writeLock(path: string): Promise<void> {
  await rename(await writeBeside(path), path)
}

/**
 * The same, unless a living process has it: then who. `isAlone`: nobody else tries at this moment (control-lock.ts); else the one
 * that came last has it, and the others hear who, where none of them is slower than `othersMs`.
 */
export async function takeLock(path: string, isAlone: boolean): Promise<LockHolder | undefined> {
  const holder = await findHolder(path)
  if (holder && holder.pid !== process.pid) return holder
  await writeLock(path)
  if (isAlone) return undefined
  await new Promise((resolve) => setTimeout(resolve, othersMs))
  const last = await findHolder(path)
  return last?.pid === process.pid ? undefined : last
}

async function writeBeside(path: string): Promise<string> {
  const beside = `${path}.${randomBytes(6).toString('hex')}`
  const holder = { pid: process.pid, startTicks: await readStartTicks(process.pid), bootId: await readBootId() }
  await writeFile(beside, JSON.stringify(holder), { mode: 0o600, flag: 'wx' })
  return beside
}

async function readText(path: string): Promise<string> {
  try {
    await using file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(maxBytes), 0, maxBytes, 0)
    return buffer.toString('utf8', 0, bytesRead)
  } catch {
    return '' // Not there, or nothing that can be read.
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
