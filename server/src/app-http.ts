/** All routes of control, joined with what they need. The list of rooms that the API is made of. */
import { type AuthDeps, authRoutes } from './auth/auth-routes.ts'
import { camerasOf, rightsOf } from './auth/camera-rights.ts'
import { findCaller } from './auth/find-caller.ts'
import { type CameraDeps, cameraRoutes } from './cameras/camera-routes.ts'
import { findCamera } from './cameras/camera-store.ts'
import type { Db } from './db/database.ts'
import { type EventDeps, eventRoutes } from './events/event-routes.ts'
import { findEvent } from './events/event-store.ts'
import type { Access, Caller, Right, RightNeeded } from './http/access.ts'
import type { Http } from './http/http.ts'
import { openHttp } from './http/server.ts'
import type { Clock } from './lib/clock.ts'
import type { Log } from './lib/log.ts'
import { type LiveDeps, liveRoutes } from './live/live-routes.ts'
import { type PlaybackDeps, playbackRoutes } from './live/playback-routes.ts'
import { type PreviewDeps, previewRoutes } from './live/preview-routes.ts'
import type { OpenedNote } from './record/note.ts'
import { findSegment } from './record/segment-store.ts'
import { timelineRoutes } from './storage/timeline-routes.ts'
import { type VolumeDeps, volumeRoutes } from './storage/volume-routes.ts'
import { type SystemDeps, systemRoutes } from './system/system-routes.ts'

/** One line of `vedette routes`. */
export interface RouteFacts {
  readonly method: string
  readonly path: string
  readonly access: Access
}

type Rights = 'isAllowed' | 'camerasOf'

export interface AppHttpOptions {
  readonly db: Db
  readonly clock: Clock
  readonly log: Log
  readonly hosts: readonly string[]
  readonly tls: { readonly cert: string; readonly key: string } | undefined
  readonly webDir: string
  /** Segments being written, which the index does not know yet. */
  readonly openSegments: () => readonly OpenedNote[]
  readonly auth: Omit<AuthDeps, 'db' | 'clock' | 'log' | 'isSecure'>
  readonly cameras: Omit<CameraDeps, 'db' | 'clock' | 'rightsOf'>
  readonly events: Omit<EventDeps, 'db' | 'clock'>
  readonly live: Omit<LiveDeps, 'clock' | Rights>
  readonly playback: Omit<PlaybackDeps, 'clock' | Rights>
  readonly previews: PreviewDeps
  readonly volumes: Omit<VolumeDeps, 'db' | 'clock'>
  readonly system: Omit<SystemDeps, Rights>
}

/** Does not listen yet. */
export async function openAppHttp(options: AppHttpOptions): Promise<{ http: Http; routes: readonly RouteFacts[] }> {
  const { db, clock, log, tls } = options
  const isSecure = tls !== undefined
  const routes: RouteFacts[] = []
  const camerasOfCaller = (caller: Caller, right: RightNeeded) => camerasOf(db, caller, right)
  const isAllowed = async (caller: Caller, cameraId: string, right: Right) => {
    const cameras = await camerasOf(db, caller, right)
    return cameras === 'all' || cameras.includes(cameraId)
  }
  const http = await openHttp({
    guard: {
      findCaller: findCaller(db, clock, isSecure),
      camerasOf: camerasOfCaller,
      findCameraOf: {
        camera: async (id) => (await findCamera(db, id))?.id,
        event: async (id) => (await findEvent(db, id))?.cameraId,
        segment: async (id) =>
          options.openSegments().find((open) => open.id === id)?.cameraId ?? (await findSegment(db, id))?.cameraId,
      },
      onRoute: (route) => routes.push(route),
    },
    origin: { hosts: options.hosts, isSecure },
    webDir: options.webDir,
    tls,
    clock,
    log,
  })
  authRoutes(http, { db, clock, log, isSecure, ...options.auth })
  cameraRoutes(http, { db, clock, rightsOf: (caller) => rightsOf(db, caller), ...options.cameras })
  eventRoutes(http, { db, clock, ...options.events })
  liveRoutes(http, { clock, isAllowed, ...options.live })
  playbackRoutes(http, { clock, isAllowed, ...options.playback })
  previewRoutes(http, options.previews)
  timelineRoutes(http, { db, clock })
  volumeRoutes(http, { db, clock, ...options.volumes })
  systemRoutes(http, { camerasOf: camerasOfCaller, ...options.system })
  return { http, routes }
}
