/** Ends what is open in the name of a session that is over, or without the right to it: live sockets, downloads, update streams (SECURITY.md R3: within 2 s). */
import { openRights } from './auth/open-rights.ts'
import type { Db } from './db/database.ts'
import type { Clock } from './lib/clock.ts'
import type { Log } from './lib/log.ts'
import type { RightsWatch } from './live/rights-watch.ts'
import { readReach, type Updates } from './system/updates.ts'

export interface OpenInSessions {
  readonly sessionIds: readonly string[]
  endSession(sessionId: string): void
}

const everyMs = 1000

/** Runs until the signal aborts. `findEnded` says which of these sessions are over; when it fails nothing ends. */
export async function revokeSessions(options: {
  readonly open: readonly OpenInSessions[]
  readonly findEnded: (sessionIds: readonly string[]) => Promise<readonly string[]>
  /** Asks again for the rights to what is still open. */
  readonly recheck?: () => Promise<void>
  readonly clock: Clock
  readonly log: Log
  readonly signal: AbortSignal
}): Promise<void> {
  while (!options.signal.aborted) {
    try {
      await options.clock.sleep(everyMs, options.signal)
      const sessionIds = [...new Set(options.open.flatMap((holder) => holder.sessionIds))]
      if (sessionIds.length === 0) continue
      for (const sessionId of await options.findEnded(sessionIds))
        for (const holder of options.open) holder.endSession(sessionId)
      await options.recheck?.()
    } catch (error) {
      if (!options.signal.aborted) options.log.warn({ err: error }, 'could not look for ended sessions')
    }
  }
}

/** One round: ends what somebody may no longer see, and lets pages ask anew whose cameras changed. */
export async function recheckRights(db: Db, rightsWatch: RightsWatch, updates: Updates): Promise<void> {
  const camerasNow = openRights(db)
  await rightsWatch.recheck(async ({ caller, right, cameraId }) => {
    const cameras = await camerasNow(caller, right)
    return cameras === 'all' || cameras.includes(cameraId)
  })
  await updates.recheck((caller) => readReach(caller, camerasNow))
}
