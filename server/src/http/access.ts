/**
 * Who may call a route, named on the route itself (`config: { access }`). A route without one does not start the server.
 * The guard (guard.ts) resolves camera-scoped objects to their camera before the handler runs.
 */
import type { Right } from '@vedette/shared/user.ts'
import type { CameraList } from './http.ts'

export type { Right } from '@vedette/shared/user.ts'
/** 'any': whoever has at least one right on the camera. */
export type RightNeeded = Right | 'any'

export type Access =
  /** Anyone, signed in or not. Keep these few. */
  | { readonly kind: 'public' }
  /** Any signed-in user, about themself only. `fresh`: the password was given in the last ten minutes. */
  | { readonly kind: 'self'; readonly fresh?: true; readonly tokens?: true }
  /** A list of camera-scoped things: the handler gets `request.cameras` (those with the right) and must filter its query by it. */
  | { readonly kind: 'cameras'; readonly right: RightNeeded }
  /**
   * One object of one camera: `object` says how the `:id` parameter leads to the camera. A foreign one answers like a
   * missing one. `shows`: it is pictures or sound, so the audit log hears of it.
   */
  | {
      readonly kind: 'camera'
      readonly right: RightNeeded
      readonly object: CameraObject
      readonly shows?: Shown
    }
  /** Administrators, signed in by themselves: never a token. */
  | { readonly kind: 'admin'; readonly fresh?: true }

/** `export`: a span of footage as a file to keep. */
export type Shown = 'live' | 'footage' | 'export'

/** How `:id` leads to a camera; the finders are handed to the guard by app.ts. */
export type CameraObject = 'camera' | 'event' | 'segment'

/** What an API token narrows its user's rights to. */
export interface TokenScope {
  /** The role of its user; the token itself is a viewer. */
  readonly ownerRole: 'admin' | 'viewer'
  readonly rights: readonly Right[]
  /** Null: no narrower than its user. */
  readonly cameras: readonly string[] | null
}

/** Given by the guard to handlers. */
export interface Caller {
  readonly userId: string
  readonly username: string
  /** A token is a viewer, whoever made it. */
  readonly role: 'admin' | 'viewer'
  /** The session, or the token that stands for one. */
  readonly sessionId: string
  /** When the password was last given in this session; undefined: not at all. */
  readonly provedMs?: number
  /** A second factor is required and there is none: only the way to one is open. */
  readonly mustEnrol?: boolean
  readonly token?: TokenScope
}

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access
    /** The one type of a body that is no JSON, for routes that take a file. The handler bounds it while it comes in. */
    upload?: 'application/octet-stream'
  }
  interface FastifyRequest {
    /** Set on every route but public ones. */
    caller: Caller
    /** Camera ids that the caller may use with the right of the route; 'all' for a caller without restriction. */
    cameras: CameraList
    /** Set on routes with access kind 'camera'. */
    cameraId: string
    /** When the guard let it in, by the monotonic clock; undefined on public routes. */
    letInMs?: number
    /**
     * Set on every route but public ones: throws where the caller may not any more. For handlers that read a long body themselves,
     * once it is here (a parsed one is asked about by the guard).
     */
    askAgain: () => Promise<void>
  }
}
