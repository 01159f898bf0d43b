/**
 * Who may do what: deny by default. Each route names its access (access.ts); a route without one stops the start.
 * Camera-scoped objects are resolved to their camera before the handler runs; a foreign object answers like a missing one.
 */
import { id } from '@vedette/shared/id.ts'
import type { FastifyRequest } from 'fastify'
import { AppError } from '../lib/app-error.ts'
import type { Clock } from '../lib/clock.ts'
import type { Access, Caller, CameraObject, RightNeeded, Shown } from './access.ts'
import type { CameraList, Http } from './http.ts'

export interface KnownRoute {
  readonly method: string
  readonly path: string
  readonly access: Access
  /** The schemas of what it takes. */
  readonly takes: { readonly body?: unknown; readonly querystring?: unknown; readonly params?: unknown }
}

export interface GuardDeps {
  /** Who sent this request, from its session cookie or token; undefined for nobody. */
  readonly findCaller: (request: FastifyRequest) => Promise<Caller | undefined>
  /** Cameras that a caller may use with a right. */
  readonly camerasOf: (caller: Caller, right: RightNeeded) => Promise<CameraList>
  /** The camera that an object belongs to; undefined where there is none. */
  readonly findCameraOf: Record<CameraObject, (objectId: string) => Promise<string | undefined>>
  /** Told of every route, for `vedette routes`. */
  readonly onRoute?: (route: KnownRoute) => void
  /** Told of every refusal of somebody who is known, for the audit log. */
  readonly onRefused?: (request: FastifyRequest, caller: Caller) => Promise<void>
  /** Told before pictures or sound of a camera are handed out, for the audit log. */
  readonly onShown?: (request: FastifyRequest, shows: Shown) => Promise<void>
}

/** How long a given password counts for sensitive actions (SECURITY.md R9). */
export const freshForMs = 10 * 60_000

/** For so long a request stays let in while its body comes. */
const bodyForMs = 1000

export function guard(http: Http, deps: GuardDeps, clock: Clock): void {
  // Undefined until the guard has set them: a public handler that reads them is a bug that types do not catch, so it must throw.
  http.decorateRequest('caller')
  http.decorateRequest('cameras')
  http.decorateRequest('cameraId')
  http.decorateRequest('letInMs')
  http.decorateRequest('askAgain')
  http.addHook('onRoute', (route) => {
    const access = route.config?.access
    if (!access) throw new Error(`${String(route.method)} ${route.url} names no access`)
    const takes = route.schema ?? {}
    for (const method of [route.method].flat()) deps.onRoute?.({ method, path: route.url, access, takes })
  })
  const letIn = async (request: FastifyRequest) => {
    const access = request.routeOptions.config.access
    // No route: the not-found handler answers, and tells nobody more than that.
    if (!access || access.kind === 'public') return
    request.letInMs = clock.monotonicMs()
    request.askAgain = () => letIn(request)
    const caller = await deps.findCaller(request)
    if (!caller) throw new AppError('unauthenticated', 'Sign in first.')
    request.caller = caller
    const refusal = refuse(caller, access, clock.nowMs()) ?? (await authorise(deps, request, caller, access))
    if (refusal) {
      if (refusal.code === 'forbidden' || refusal.code === 'not_found') await deps.onRefused?.(request, caller)
      throw refusal
    }
    if (access.kind === 'camera' && access.shows) await deps.onShown?.(request, access.shows)
  }
  http.addHook('onRequest', letIn)
  // Whoever was demoted or signed out while a slow body came in is asked again (R3): a hundred such requests can be kept in store.
  http.addHook('preValidation', async (request) => {
    if (request.letInMs !== undefined && clock.monotonicMs() - request.letInMs > bodyForMs) await letIn(request)
  })
}

/** What can be said without looking at the object. */
function refuse(caller: Caller, access: Access, nowMs: number): AppError | undefined {
  const isAboutCameras = access.kind === 'cameras' || access.kind === 'camera'
  if (caller.token && !isAboutCameras && !(access.kind === 'self' && access.tokens))
    return new AppError('forbidden', 'An API token cannot do this: sign in with your password.')
  if (access.kind === 'admin' && caller.role !== 'admin')
    return new AppError('forbidden', 'Only an administrator may do this.')
  if (caller.mustEnrol && access.kind !== 'self')
    return new AppError('second_factor_required', 'Your account needs a second factor: set one up in your profile.')
  if ('fresh' in access && access.fresh) return requireFresh(caller, nowMs)
  return undefined
}

/** The refusal of a sensitive action whose caller has not given the password lately (SECURITY.md R9). */
export function requireFresh(caller: Caller, nowMs: number): AppError | undefined {
  if (caller.provedMs !== undefined && nowMs - caller.provedMs < freshForMs && nowMs >= caller.provedMs)
    return undefined
  return new AppError('reauthentication_required', 'Give your password again to do this.')
}

/** Sets what the handler may use; returns the refusal of a foreign or missing object. */
async function authorise(
  deps: GuardDeps,
  request: FastifyRequest,
  caller: Caller,
  access: Access,
): Promise<AppError | undefined> {
  if (access.kind === 'cameras') request.cameras = await deps.camerasOf(caller, access.right)
  if (access.kind !== 'camera') return undefined
  const params: unknown = request.params
  const objectId = id.safeParse(params && typeof params === 'object' && 'id' in params ? params.id : undefined)
  const cameraId = objectId.success ? await deps.findCameraOf[access.object](objectId.data) : undefined
  const allowed = await deps.camerasOf(caller, access.right)
  if (cameraId === undefined || (allowed !== 'all' && !allowed.includes(cameraId)))
    return new AppError('not_found', 'There is nothing here.')
  request.cameraId = cameraId
  return undefined
}
