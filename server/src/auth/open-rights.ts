/** What may go on of what is open already: rights as they are now, not as they were when it was opened (access.md R3). */
import type { Db } from '../db/database.ts'
import type { Caller, RightNeeded } from '../http/access.ts'
import type { CameraList } from '../http/http.ts'
import { camerasWith, type Reach } from './camera-reach.ts'
import { readReach } from './camera-rights.ts'
import { needsEnrolment } from './factor-policy.ts'
import { findUser } from './user-store.ts'

const nothing: Reach = { everywhere: new Set(), byCamera: new Map() }

/** One round of questions: each caller is looked up once, however much they have open. Somebody who is gone has no camera. */
export function openRights(db: Db): (caller: Caller, right: RightNeeded) => Promise<CameraList> {
  const reaches = new Map<string, Promise<Reach>>()
  return async (caller, right) => {
    const known = reaches.get(caller.sessionId) ?? reachNow(db, caller)
    reaches.set(caller.sessionId, known)
    return camerasWith(await known, right)
  }
}

async function reachNow(db: Db, caller: Caller): Promise<Reach> {
  const user = await findUser(db, caller.userId)
  if (!user || user.disabled || (await needsEnrolment(db, user))) return nothing
  const now: Caller = caller.token
    ? { ...caller, token: { ...caller.token, ownerRole: user.role } }
    : { ...caller, role: user.role }
  return readReach(db, now)
}
