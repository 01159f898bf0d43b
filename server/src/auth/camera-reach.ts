/** How far somebody's rights reach: grants become sets of rights per camera, and a token narrows them. Pure. */
import type { Right } from '@vedette/shared/user.ts'
import type { RightNeeded, TokenScope } from '../http/access.ts'
import type { CameraList } from '../http/http.ts'

export interface Reach {
  /** Rights on every camera, those to come included. */
  readonly everywhere: ReadonlySet<Right>
  readonly byCamera: ReadonlyMap<string, ReadonlySet<Right>>
}

/** One grant with its target resolved: 'all', or the cameras that it names now. */
export interface ResolvedGrant {
  readonly cameras: CameraList
  readonly rights: readonly Right[]
}

const allRights: readonly Right[] = ['view', 'replay', 'control', 'audio']
export const fullReach: Reach = { everywhere: new Set(allRights), byCamera: new Map() }

/** Rights add up. */
export function reachOf(grants: readonly ResolvedGrant[]): Reach {
  const everywhere = new Set<Right>()
  const byCamera = new Map<string, Set<Right>>()
  for (const { cameras, rights } of grants) {
    if (cameras === 'all') for (const right of rights) everywhere.add(right)
    else for (const camera of cameras) byCamera.set(camera, new Set([...(byCamera.get(camera) ?? []), ...rights]))
  }
  return { everywhere, byCamera }
}

/** What is left of its user's reach for a token. */
export function narrowReach(reach: Reach, { rights, cameras }: TokenScope): Reach {
  const kept = (own: Iterable<Right>) => new Set([...own].filter((right) => rights.includes(right)))
  const everywhere = cameras === null ? kept(reach.everywhere) : new Set<Right>()
  const byCamera = new Map<string, ReadonlySet<Right>>()
  for (const camera of cameras ?? reach.byCamera.keys()) byCamera.set(camera, kept(rightsIn(reach, camera)))
  return { everywhere, byCamera }
}

export function rightsIn(reach: Reach, cameraId: string): Right[] {
  const own = reach.byCamera.get(cameraId)
  return allRights.filter((right) => reach.everywhere.has(right) || own?.has(right))
}

export function camerasWith(reach: Reach, right: RightNeeded): CameraList {
  const has = (rights: ReadonlySet<Right>) => (right === 'any' ? rights.size > 0 : rights.has(right))
  if (has(reach.everywhere)) return 'all'
  return [...reach.byCamera].filter(([, rights]) => has(rights)).map(([cameraId]) => cameraId)
}
