/** The real HTTP server and guard with users that a test makes up: the header `x-user` names one. */
import type { Caller, CameraObject, Right, RightNeeded } from '../../server/src/http/access.ts'
import type { CameraList } from '../../server/src/http/http.ts'
import { openHttp } from '../../server/src/http/server.ts'
import { systemClock } from '../../server/src/lib/clock.ts'
import { silentLog } from '../../server/src/lib/log.ts'

export type TestUsers = Record<string, Partial<Record<Right, readonly string[]>>>

export interface TestHttpOptions {
  /** Cameras that each user may use, by right. Change it to change their rights. */
  readonly users: TestUsers
  /** The camera of an object that is none itself. */
  readonly findCameraOf?: (object: CameraObject, objectId: string) => string | undefined
}

export async function openTestHttp({ users, findCameraOf }: TestHttpOptions) {
  const camerasOf = async (caller: Caller, right: RightNeeded): Promise<CameraList> => {
    const rights = users[caller.userId] ?? {}
    return right === 'any' ? Object.values(rights).flat() : (rights[right] ?? [])
  }
  const http = await openHttp({
    guard: {
      findCaller: async (request) => {
        const name = String(request.headers['x-user'] ?? '')
        return users[name] && { userId: name, username: name, role: 'viewer', sessionId: `session of ${name}` }
      },
      camerasOf,
      findCameraOf: {
        camera: async (id) => id,
        event: async (id) => findCameraOf?.('event', id),
        segment: async (id) => findCameraOf?.('segment', id),
      },
    },
    hosts: () => [],
    webDir: '/nowhere',
    clock: systemClock,
    log: silentLog,
  })
  const isAllowed = async (caller: Caller, cameraId: string, right: Right) => {
    const cameras = await camerasOf(caller, right)
    return cameras === 'all' || cameras.includes(cameraId)
  }
  const ask = (url: string, user: string, headers: Record<string, string> = {}, method: 'GET' | 'HEAD' = 'GET') =>
    http.inject({ method, url, headers: { host: '127.0.0.1:8080', 'x-user': user, ...headers } })
  return { http, isAllowed, ask }
}
