/** One control per data folder: control.lock names it. */
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from './lib/app-error.ts'
import { findHolder, type LockHolder, takeLock } from './process-lock.ts'

const pathOf = (dataDir: string) => join(dataDir, 'control.lock')

/** Takes the folder; the returned function gives it back. Throws conflict while another control has it. */
export async function takeControl(dataDir: string): Promise<() => Promise<void>> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  const holder = await takeLock(pathOf(dataDir))
  if (holder) throw taken(dataDir, holder)
  return () => rm(pathOf(dataDir), { force: true })
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
