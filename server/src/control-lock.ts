/** One control per data folder: control.lock holds its process id and start time, so that a dead one's lock counts for nothing. */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { AppError } from './lib/app-error.ts'
import { readStartTicks } from './system/process-memory.ts'

const lockFile = z.object({ pid: z.number().int().min(2), startTicks: z.string() })
const pathOf = (dataDir: string) => join(dataDir, 'control.lock')

/** Takes the folder; the returned function gives it back. Throws conflict while another control has it. */
export async function takeControl(dataDir: string): Promise<() => Promise<void>> {
  const startTicks = await readStartTicks(process.pid)
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 })
    await requireNoControl(dataDir)
    await writeFile(pathOf(dataDir), JSON.stringify({ pid: process.pid, startTicks }), { mode: 0o600 })
  } catch (error) {
    throw explain(error, dataDir)
  }
  return () => rm(pathOf(dataDir), { force: true })
}

function explain(error: unknown, dataDir: string): unknown {
  if (!(error instanceof Error && 'code' in error) || error instanceof AppError) return error
  const isFull = error.code === 'ENOSPC' || error.code === 'EDQUOT'
  return isFull
    ? new AppError('disk_full', `The disk of the data folder ${dataDir} is full. Free some space on it.`, {
        cause: error,
      })
    : new AppError(
        'bad_request',
        `The data folder ${dataDir} cannot be made or written (${error.code}). Check its owner and its disk, or give another with --data.`,
        { cause: error },
      )
}

/** Throws conflict while a control runs on this data folder. */
export async function requireNoControl(dataDir: string): Promise<void> {
  const text = await readFile(pathOf(dataDir), 'utf8').catch(() => '')
  const lock = lockFile.safeParse(parseJson(text))
  if (!lock.success || lock.data.pid === process.pid) return
  if ((await readStartTicks(lock.data.pid)) !== lock.data.startTicks) return
  throw new AppError(
    'conflict',
    `Vedette already runs on ${dataDir} (process ${lock.data.pid}). Stop it first, or give another folder with --data.`,
  )
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // Cut off while it was written: its writer is gone.
  }
}
