/**
 * The recorder of a control that died, which goes on recording: finds it by `recorder.lock` and ends it at a key frame.
 * Not here: when its place is taken, and what is done with its notes (recorder-succession.ts).
 */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from './lib/clock.ts'
import type { Log } from './lib/log.ts'
import { findHolder, isAlive, type LockHolder } from './process-lock.ts'

export interface EndOrphan {
  readonly dataDir: string
  readonly orphan: LockHolder
  readonly clock: Clock
  readonly log: Log
  /** Aborted: control ends, and takes it with it. */
  readonly signal: AbortSignal
  /** It is another user's, and only that user or root can end it. Said once; null when it has ended. */
  readonly onForeign: (problem: string | null) => void
}

/** For the orphan's cameras to come to a key frame (12 s at most) and for their last segments. */
const handOverLimitMs = 16_000
/** One that needs longer to close its segments is killed; they are recovered then. */
const stopLimitMs = 8_000
const lookEveryMs = 20
const foreignLookEveryMs = 500

export const lockPath = (dataDir: string) => join(dataDir, 'recorder.lock')

export const findOrphan = (dataDir: string): Promise<LockHolder | undefined> => findHolder(lockPath(dataDir))

/** Lets it record up to the next key frames, where ours goes on, and waits for its end. */
export async function endOrphan(options: EndOrphan): Promise<void> {
  const { dataDir, orphan, log, signal } = options
  log.info({ pid: orphan.pid }, 'taking over from the recorder of a control that ended')
  const isOurs = signal.aborted || (await endBy('SIGUSR2', options, handOverLimitMs, signal))
  if (!isOurs || !(await endBy('SIGTERM', options, stopLimitMs))) return waitForForeign(options)
  if (await isAlive(orphan))
    log.warn(orphan, 'the old recorder did not end in time and is killed; its segments are recovered')
  await endBy('SIGKILL', options, Number.POSITIVE_INFINITY)
  await rm(lockPath(dataDir), { force: true })
}

/** False: it may not be told anything. */
async function endBy(
  word: NodeJS.Signals,
  { orphan, clock }: EndOrphan,
  limitMs: number,
  hurry?: AbortSignal,
): Promise<boolean> {
  if (!(await isAlive(orphan))) return true
  if (!tell(orphan.pid, word)) return false
  const deadlineMs = clock.monotonicMs() + limitMs
  while (clock.monotonicMs() < deadlineMs && !hurry?.aborted && (await isAlive(orphan))) await clock.sleep(lookEveryMs)
  return true
}

/** It records as well as ours would: nothing is lost but the way to stop it. */
async function waitForForeign({ dataDir, orphan, clock, log, signal, onForeign }: EndOrphan): Promise<void> {
  const { pid } = orphan
  const problem = `The recorder of an earlier start (process ${pid}) belongs to another user and goes on recording. End it with \`sudo kill ${pid}\`; recording goes on here at once then.`
  log.error({ pid }, problem)
  onForeign(problem)
  while (!signal.aborted && (await isAlive(orphan))) await clock.sleep(foreignLookEveryMs, signal).catch(() => {})
  if (await isAlive(orphan)) return // Its lock stays: the next control must find it.
  onForeign(null)
  await rm(lockPath(dataDir), { force: true })
}

/** False where it belongs to another user. One that ended between the look and the word needs none. */
function tell(pid: number, word: NodeJS.Signals): boolean {
  try {
    process.kill(pid, word)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'EPERM') return false
    if (code !== 'ESRCH') throw error
  }
  return true
}
