/** Ends what is open in the name of a session that is over: live sockets, downloads, update streams (access.md R3: within 2 s). */
import type { Clock } from './lib/clock.ts'
import type { Log } from './lib/log.ts'

export interface OpenInSessions {
  readonly sessionIds: readonly string[]
  endSession(sessionId: string): void
}

const everyMs = 1000

/** Runs until the signal aborts. `findEnded` says which of these sessions are over; when it fails nothing ends. */
export async function revokeSessions(options: {
  readonly open: readonly OpenInSessions[]
  readonly findEnded: (sessionIds: readonly string[]) => Promise<readonly string[]>
  readonly clock: Clock
  readonly log: Log
  readonly signal: AbortSignal
}): Promise<void> {
  while (!options.signal.aborted) {
    try {
      await options.clock.sleep(everyMs, options.signal)
      const sessionIds = [...new Set(options.open.flatMap((holder) => holder.sessionIds))]
      const ended = sessionIds.length > 0 ? await options.findEnded(sessionIds) : []
      for (const sessionId of ended) for (const holder of options.open) holder.endSession(sessionId)
    } catch (error) {
      if (!options.signal.aborted) options.log.warn({ err: error }, 'could not look for ended sessions')
    }
  }
}
