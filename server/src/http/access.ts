/**
 * Who may call a route, named on the route itself (`config: { access }`). A route without one does not start the server.
 * The guard (guard.ts) resolves camera-scoped objects to their camera before the handler runs.
 */
import type { CameraList } from './http.ts'

export type Right = 'view' | 'replay' | 'control' | 'audio'

export type Access =
  /** Anyone, signed in or not. Keep these few. */
  | { readonly kind: 'public' }
  /** Any signed-in user, about themself only. */
  | { readonly kind: 'self' }
  /** A list of camera-scoped things: the handler gets `request.cameras` (those with the right) and must filter its query by it. */
  | { readonly kind: 'cameras'; readonly right: Right }
  /** One object of one camera: `object` says how the `:id` parameter leads to the camera. A foreign one answers like a missing one. */
  | { readonly kind: 'camera'; readonly right: Right; readonly object: CameraObject }
  | { readonly kind: 'admin' }

/** How `:id` leads to a camera; the finders are handed to the guard by app.ts. */
export type CameraObject = 'camera' | 'event' | 'segment'

/** Given by the guard to handlers. */
export interface Caller {
  readonly userId: string
  readonly username: string
  readonly role: 'admin' | 'viewer'
  readonly sessionId: string
}

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access
  }
  interface FastifyRequest {
    /** Set on every route but public ones. */
    caller: Caller
    /** Camera ids that the caller may use with the right of the route; 'all' for a caller without restriction. */
    cameras: CameraList
    /** Set on routes with access kind 'camera'. */
    cameraId: string
  }
}
