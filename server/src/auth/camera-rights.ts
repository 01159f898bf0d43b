/** The one answer to "which cameras, with which rights": for the guard, for views, and for what is open already. */
import type { Db } from '../db/database.ts'
import type { Caller, Right, RightNeeded } from '../http/access.ts'
import type { CameraList } from '../http/http.ts'
import { camerasWith, fullReach, narrowReach, type Reach, reachOf, rightsIn } from './camera-reach.ts'
import { resolveGrants } from './grant-store.ts'

/** Asked anew for every request: what was taken away a moment ago is gone. */
export async function readReach(db: Db, caller: Caller): Promise<Reach> {
  const isAdmin = (caller.token?.ownerRole ?? caller.role) === 'admin'
  const reach = isAdmin ? fullReach : reachOf(await resolveGrants(db, caller.userId))
  return caller.token ? narrowReach(reach, caller.token) : reach
}

export async function camerasOf(db: Db, caller: Caller, right: RightNeeded): Promise<CameraList> {
  return camerasWith(await readReach(db, caller), right)
}

/** For views of many cameras: asks once. */
export async function rightsOf(db: Db, caller: Caller): Promise<(cameraId: string) => Right[]> {
  const reach = await readReach(db, caller)
  return (cameraId) => rightsIn(reach, cameraId)
}
