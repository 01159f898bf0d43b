/**
 * Who may do what: deny by default. Each route names its access (access.ts); a route without one stops the start.
 * Camera-scoped objects are resolved to their camera before the handler runs; a foreign object answers like a missing one.
 */
import { id } from '@vedette/shared/id.ts'
import type { FastifyRequest } from 'fastify'
import { AppError } from '../lib/app-error.ts'
import type { Access, Caller, CameraObject, Right } from './access.ts'
import type { CameraList, Http } from './http.ts'

export interface GuardDeps {
  /** Who sent this request, from its session cookie; undefined for nobody. */
  readonly findCaller: (request: FastifyRequest) => Promise<Caller | undefined>
  /** Cameras that a caller may use with a right. */
  readonly camerasOf: (caller: Caller, right: Right) => Promise<CameraList>
  /** The camera that an object belongs to; undefined where there is none. */
  readonly findCameraOf: Record<CameraObject, (objectId: string) => Promise<string | undefined>>
  /** Told of every route, for `vedette routes`. */
  readonly onRoute?: (route: { method: string; path: string; access: Access }) => void
}

export function guard(http: Http, deps: GuardDeps): void {
  // Undefined until the guard has set them: a public handler that reads them is a bug that types do not catch, so it must throw.
  http.decorateRequest('caller')
  http.decorateRequest('cameras')
  http.decorateRequest('cameraId')
  http.addHook('onRoute', (route) => {
    const access = route.config?.access
    if (!access) throw new Error(`${String(route.method)} ${route.url} names no access`)
    for (const method of [route.method].flat()) deps.onRoute?.({ method, path: route.url, access })
  })
  http.addHook('onRequest', async (request) => {
    const access = request.routeOptions.config.access
    // No route: the not-found handler answers, and tells nobody more than that.
    if (!access || access.kind === 'public') return
    const caller = await deps.findCaller(request)
    if (!caller) throw new AppError('unauthenticated', 'Sign in first.')
    request.caller = caller
    if (access.kind === 'admin' && caller.role !== 'admin')
      throw new AppError('forbidden', 'Only an administrator may do this.')
    if (access.kind === 'cameras') request.cameras = await deps.camerasOf(caller, access.right)
    if (access.kind === 'camera') request.cameraId = await authoriseObject(deps, request, caller, access)
  })
}

async function authoriseObject(
  deps: GuardDeps,
  request: FastifyRequest,
  caller: Caller,
  access: Extract<Access, { kind: 'camera' }>,
): Promise<string> {
  const params: unknown = request.params
  const objectId = id.safeParse(params && typeof params === 'object' && 'id' in params ? params.id : undefined)
  const cameraId = objectId.success ? await deps.findCameraOf[access.object](objectId.data) : undefined
  const allowed = await deps.camerasOf(caller, access.right)
  if (cameraId === undefined || (allowed !== 'all' && !allowed.includes(cameraId)))
    throw new AppError('not_found', 'There is nothing here.')
  return cameraId
}
