/** One control per data folder: control.lock names it. */
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from './lib/app-error.ts'
import { findHolder, type LockHolder, takeLock } from './process-lock.ts'

const pathOf = (dataDir: string) => join(dataDir, 'control.lock')

/** Takes the folder; the returned function gives it back. Throws conflict while another control has it. */
export async function takeControl(dataDir: string): Promise<() => Promise<void>> {
  const holder = await makeAndTake(dataDir)
  if (holder) throw taken(dataDir, holder)
  return () => rm(pathOf(dataDir), { force: true })
}

async function makeAndTake(dataDir: string): Promise<LockHolder | undefined> {
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 })
    return await takeLock(pathOf(dataDir))
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause)) throw cause
    const isFull = cause.code === 'ENOSPC' || cause.code === 'EDQUOT'
    throw isFull
      ? new AppError('disk_full', `The disk of the data folder ${dataDir} is full. Free some space on it.`, { cause })
      : new AppError(
          'bad_request',
          `The data folder ${dataDir} cannot be made or written (${cause.code}). Check its owner and its disk, or give another with --data.`,
          { cause },
        )
  }
}

/** Throws conflict while a control runs on this data folder. */
export async function requireNoControl(dataDir: string): Promise<void> {
  const holder = await findHolder(pathOf(dataDir))
  if (holder && holder.pid !== process.pid) throw taken(dataDir, holder)
}

function taken(dataDir: string, { pid }: LockHolder): AppError {
  return new AppError(
    'conflict',
    `Vedette already runs on ${dataDir} (process ${pid}). Stop it first, or give another folder with --data.`,
  )
}
