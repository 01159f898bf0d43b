/**
 * One control per data folder. A lock of the kernel on control.held decides, also between containers that cannot see each other's
 * processes; control.lock names who has it, and decides where the file system has no such locks.
 */

import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { holdFile } from './db/hold-file.ts'
import { AppError } from './lib/app-error.ts'
import { makeFolderPath } from './lib/make-folder.ts'
import { findHolder, type LockHolder, takeLock } from './process-lock.ts'

const pathOf = (dataDir: string) => join(dataDir, 'control.lock')

/** Takes the folder; the returned function gives it back. Throws conflict while another control has it. */
export async function takeControl(dataDir: string): Promise<() => Promise<void>> {
  const held = await makeAndHold(dataDir)
  if (held === 'taken') throw taken(dataDir, await findHolder(pathOf(dataDir)))
  const letGo = held === 'not offered' ? () => {} : held
  try {
    const holder = await takeLock(pathOf(dataDir), held !== 'not offered')
    if (holder) throw taken(dataDir, holder)
  } catch (error) {
    letGo()
    throw explain(error, dataDir)
  }
  return async () => {
    await rm(pathOf(dataDir), { force: true })
    letGo()
  }
}

async function makeAndHold(dataDir: string) {
  try {
    await makeFolderPath(dataDir)
    return holdFile(join(dataDir, 'control.held'))
  } catch (error) {
    throw explain(error, dataDir)
  }
}

function explain(cause: unknown, dataDir: string): unknown {
  if (cause instanceof AppError || !(cause instanceof Error && 'code' in cause)) return cause
  const isFull = cause.code === 'ENOSPC' || cause.code === 'EDQUOT'
  return isFull
    ? new AppError('disk_full', `The disk of the data folder ${dataDir} is full. Free some space on it.`, { cause })
    : new AppError(
        'bad_request',
        `The data folder ${dataDir} cannot be made or written (${cause.code}). Check its owner and its disk, or give another with --data.`,
        { cause },
      )
}

/** Throws conflict while a control runs on this data folder. */
export async function requireNoControl(dataDir: string): Promise<void> {
  const holder = await findHolder(pathOf(dataDir))
  if (holder && holder.pid !== process.pid) throw taken(dataDir, holder)
}

function taken(dataDir: string, holder: LockHolder | undefined): AppError {
  return new AppError(
    'conflict',
    `Vedette already runs on ${dataDir} (${holder ? `process ${holder.pid}` : 'started just now, or in another container'}). Stop it first, or give another folder with --data.`,
  )
}
