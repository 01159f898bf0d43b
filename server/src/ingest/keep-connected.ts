/**
 * Keeps trying to hold one connection until told to stop: the only catch on a packet's path.
 *
 * In:        an attempt that connects, calls `online` at the first picture, and runs until it fails. Out: states for people.
 * Not here:  what an attempt does (camera-source.ts), how long to wait (back-off.ts).
 * Invariant: no failure of an attempt gets out; one attempt at a time.
 */
import type { ErrorCode } from '@vedette/shared/errors.ts'
import type { Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import { describeFailure, type FailedState, isExpected, nextDelay } from './back-off.ts'

/** Times are UTC. A failed state lasts until a picture comes, through any number of attempts. */
export type ConnectionState =
  | {
      readonly state: 'connecting' | 'online'
      readonly sinceMs: number
      readonly problem: null
      readonly code: null
      readonly nextTryMs: null
    }
  | {
      readonly state: FailedState
      readonly sinceMs: number
      readonly problem: string
      readonly code: ErrorCode
      /** null while an attempt is under way. */
      readonly nextTryMs: number | null
    }

/** Runs until the connection ends, and then throws why. `online` is called once, when pictures come. */
export type Attempt = (signal: AbortSignal, online: () => void) => Promise<void>

export interface KeepConnectedOptions {
  readonly attempt: Attempt
  readonly clock: Clock
  readonly log: Log
  readonly signal: AbortSignal
  readonly onState: (state: ConnectionState) => void
}

/** A connection that held so long counts as a good one: the next failure is the first again. */
const steadyMs = 30_000

/** Resolves when `signal` aborts, and the attempt of that moment has ended. */
export async function keepConnected(options: KeepConnectedOptions): Promise<void> {
  const { attempt, clock, log, signal, onState } = options
  let current = { state: 'connecting' as ConnectionState['state'], sinceMs: clock.nowMs() }
  const report = (next: ConnectionState) => {
    current = next
    onState(next)
  }
  report({ state: 'connecting', sinceMs: clock.nowMs(), problem: null, code: null, nextTryMs: null })
  let failures = 0
  while (!signal.aborted) {
    let onlineMs: number | undefined
    const online = () => {
      if (onlineMs !== undefined || signal.aborted) return
      onlineMs = clock.monotonicMs()
      log.info({ attempts: failures + 1 }, 'camera online')
      report({ state: 'online', sinceMs: clock.nowMs(), problem: null, code: null, nextTryMs: null })
    }
    try {
      await attempt(signal, online)
      throw new Error('an attempt ended without saying why')
    } catch (error) {
      if (signal.aborted) return
      failures = onlineMs !== undefined && clock.monotonicMs() - onlineMs >= steadyMs ? 1 : failures + 1
      const { state, problem, code } = describeFailure(error)
      const delayMs = nextDelay(failures, state)
      const isNews = current.state !== state
      const sinceMs = isNews ? clock.nowMs() : current.sinceMs
      if (!isExpected(error))
        log.error({ err: error }, 'a camera connection failed for a reason that is not the camera’s')
      else if (isNews) log.warn({ state, code, problem, delayMs }, 'camera lost')
      report({ state, sinceMs, problem, code, nextTryMs: clock.nowMs() + delayMs })
      if (!(await slept(clock, delayMs, signal))) return
      report({ state, sinceMs, problem, code, nextTryMs: null })
    }
  }
}

/** False when the wait was cut short. */
function slept(clock: Clock, ms: number, signal: AbortSignal): Promise<boolean> {
  return clock.sleep(ms, signal).then(
    () => true,
    () => false,
  )
}
