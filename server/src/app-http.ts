/** All routes of control, joined with what they need. The list of rooms that the API is made of. */
import type { AuditLog } from './audit/audit-log.ts'
import { auditRoutes } from './audit/audit-routes.ts'
import { countAttempt } from './auth/attempt-store.ts'
import { type AuthDeps, authRoutes } from './auth/auth-routes.ts'
import { camerasOf, rightsOf } from './auth/camera-rights.ts'
import { findCaller } from './auth/find-caller.ts'
import { requireSetupCode } from './auth/setup-door.ts'
import { WrongTokens } from './auth/wrong-tokens.ts'
import { type BackupDeps, backupRoutes } from './backup/backup-routes.ts'
import { type CameraDeps, cameraRoutes } from './cameras/camera-routes.ts'
import { findCamera } from './cameras/camera-store.ts'
import type { Db } from './db/database.ts'
import { type EventDeps, eventRoutes } from './events/event-routes.ts'
import { findEvent } from './events/event-store.ts'
import { type RecordDeps, recordRoutes } from './events/record-routes.ts'
import type { Caller, Right, RightNeeded } from './http/access.ts'
import { actorOf } from './http/actor.ts'
import type { KnownRoute } from './http/guard.ts'
import type { Http, HttpRequest } from './http/http.ts'
import type { OpenAnswers } from './http/open-answers.ts'
import { type HttpOptions, openHttp } from './http/server.ts'
import { type TransportDeps, transportRoutes } from './http/transport-routes.ts'
import type { Clock } from './lib/clock.ts'
import type { Log } from './lib/log.ts'
import { type LiveDeps, liveRoutes } from './live/live-routes.ts'
import { type PlaybackDeps, playbackRoutes } from './live/playback-routes.ts'
import { type PreviewDeps, previewRoutes } from './live/preview-routes.ts'
import { type LogDeps, logRoutes } from './logs/log-routes.ts'
import type { OpenedNote } from './record/note.ts'
import { findSegment } from './record/segment-store.ts'
import { timelineRoutes } from './storage/timeline-routes.ts'
import { type VolumeDeps, volumeRoutes } from './storage/volume-routes.ts'
import { type SystemDeps, systemRoutes } from './system/system-routes.ts'
import { timeZoneRoutes } from './system/time-zone-routes.ts'
import { readTimeZone } from './system/time-zone-store.ts'

/** One line of `vedette routes`. */
export type RouteFacts = KnownRoute

type Rights = 'isAllowed' | 'camerasOf'
type Common = 'db' | 'clock' | 'key' | 'audit' | 'change'

export interface AppHttpOptions {
  readonly db: Db
  readonly clock: Clock
  readonly log: Log
  readonly transport: Pick<HttpOptions, 'hosts' | 'certificates' | 'isProxy'> & {
    readonly routes: Omit<TransportDeps, 'clock'>
  }
  readonly webDir: string
  /** Segments being written, which the index does not know yet. */
  readonly openSegments: () => readonly OpenedNote[]
  readonly audit: Pick<AuditLog, 'write' | 'change' | 'writeOnce' | 'verify' | 'tellRefusals'>
  /** The installation's key. */
  readonly key: Buffer
  readonly auth: Omit<AuthDeps, Common | 'log' | 'auditOnce'>
  readonly cameras: Omit<CameraDeps, Common | 'rightsOf'>
  readonly backup: Omit<BackupDeps, Common | 'setup'>
  readonly events: Omit<EventDeps, Common>
  readonly record: Pick<RecordDeps, 'byHand'>
  readonly live: Omit<LiveDeps, 'clock' | Rights>
  readonly playback: Omit<PlaybackDeps, 'clock' | Rights>
  readonly previews: PreviewDeps
  readonly volumes: Omit<VolumeDeps, Common>
  readonly logs: Omit<LogDeps, 'audit' | 'hold'>
  /** Long answers, which end with their session. */
  readonly answers: OpenAnswers
  readonly system: Omit<SystemDeps, Rights>
}

/** Does not listen yet. */
export async function openAppHttp(options: AppHttpOptions): Promise<{ http: Http; routes: readonly RouteFacts[] }> {
  const { db, clock, log, key } = options
  const audit = options.audit.write
  const { change } = options.audit
  const { hold } = options.answers
  const routes: RouteFacts[] = []
  const camerasOfCaller = (caller: Caller, right: RightNeeded) => camerasOf(db, caller, right)
  const isAllowed = async (caller: Caller, cameraId: string, right: Right) => {
    const cameras = await camerasOf(db, caller, right)
    return cameras === 'all' || cameras.includes(cameraId)
  }
  const wrongTokens = new WrongTokens(db, clock)
  const http = await openHttp({
    guard: {
      findCaller: findCaller({ db, clock, auditOnce: options.audit.writeOnce.bind(options.audit), wrongTokens }),
      camerasOf: camerasOfCaller,
      findCameraOf: {
        camera: async (id) => (await findCamera(db, id))?.id,
        event: async (id) => (await findEvent(db, id))?.cameraId,
        segment: async (id) =>
          options.openSegments().find((open) => open.id === id)?.cameraId ?? (await findSegment(db, id))?.cameraId,
      },
      onRoute: (route) => routes.push(route),
      onRefused: (request, caller) => {
        const object = pathOf(request)
        const once = `refused ${whoOf(caller)} ${object}`
        return options.audit.writeOnce(once, { kind: 'access.refused', ...actorOf(request), object })
      },
      onShown: async (request, shows) => {
        const entry = { ...actorOf(request), object: `camera ${request.cameraId}` }
        const once = (what: string) => `${what} ${whoOf(request.caller)} ${request.cameraId}`
        // A file is footage that was looked at, too: whoever asks for ever other spans has used up their entries (refusal-budget.ts),
        // but not this one, which says whose footage went out.
        const kind = shows === 'live' ? 'live.viewed' : 'footage.viewed'
        await options.audit.writeOnce(once(kind), { kind, ...entry })
        if (shows !== 'export') return
        const detail = spanOf(request)
        const taken = { kind: 'footage.exported', ...entry, detail } as const
        await options.audit.writeOnce(`${once('export')} ${JSON.stringify(detail)}`, taken)
      },
    },
    ...options.transport,
    webDir: options.webDir,
    clock,
    log: log.child({ room: 'http' }),
  })
  http.addHook('onClose', async () => {
    // The end goes on without it: the database may be away.
    await wrongTokens.close().catch((error: unknown) => log.warn({ err: error }, 'counts of wrong tokens were lost'))
  })
  const auth: AuthDeps = {
    db,
    clock,
    log: log.child({ room: 'auth' }),
    key,
    audit,
    change,
    auditOnce: (once, entry) => options.audit.writeOnce(once, entry),
    ...options.auth,
  }
  authRoutes(http, auth)
  transportRoutes(http, { clock, ...options.transport.routes })
  auditRoutes(http, { db, audit, hold, log: options.audit })
  cameraRoutes(http, { db, clock, key, audit, change, rightsOf: (caller) => rightsOf(db, caller), ...options.cameras })
  eventRoutes(http, { db, clock, change, ...options.events })
  recordRoutes(http, {
    change,
    isSwitchedOn: async (cameraId) => (await findCamera(db, cameraId))?.settings.enabled ?? false,
    mayPress: (userId) => countAttempt(db, [`by_hand:${userId}`], clock.nowMs(), byHandLimit),
    ...options.record,
  })
  liveRoutes(http, { clock, isAllowed, ...options.live })
  playbackRoutes(http, { clock, isAllowed, ...options.playback })
  previewRoutes(http, options.previews)
  timelineRoutes(http, {
    db,
    clock,
    openFootage: (cameras) => options.playback.footage.openSpans(cameras, clock.nowMs()),
    readTimeZone: () => readTimeZone(db),
  })
  volumeRoutes(http, { db, clock, change, ...options.volumes })
  const setup = {
    requireCode: (request: HttpRequest, code: string) => requireSetupCode(auth, request, code),
    close: auth.closeSetup,
  }
  backupRoutes(http, { db, clock, key, audit, change, setup, ...options.backup })
  timeZoneRoutes(http, { db, change, onZoneChanged: options.cameras.onChanged })
  logRoutes(http, { audit, hold, ...options.logs })
  systemRoutes(http, { camerasOf: camerasOfCaller, ...options.system })
  return { http, routes }
}

/** For each user: a wall of cameras at once, and not much more. */
const byHandLimit = { attempts: 100, windowMs: 3_600_000 }

/** Which span was asked for; not checked yet, so only what is a number. */
function spanOf({ query }: HttpRequest): Record<string, number> {
  const given = Object.entries(query ?? {}).filter(([name]) => name === 'startMs' || name === 'endMs')
  return Object.fromEntries(given.map(([name, value]) => [name, Number(value)]).filter(([, ms]) => Number.isFinite(ms)))
}

/** Once for each user and each token, however many sessions the user opens. */
const whoOf = ({ token, sessionId, userId }: Caller) => (token ? sessionId : userId)

/** The address that was asked for, without its query. */
const pathOf = (request: HttpRequest) => `${request.method} ${(request.url.split('?')[0] ?? '').slice(0, 200)}`
