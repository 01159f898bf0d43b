/** State of the machine, and the stream of updates that keeps pages fresh. */
import {
  type SystemReport,
  type SystemStatus,
  statusQuery,
  systemReport,
  systemStatus,
} from '@vedette/shared/system.ts'
import type { Caller, RightNeeded } from '../http/access.ts'
import type { CameraList, Http } from '../http/http.ts'
import { Seats } from '../http/seats.ts'
import { readReach, type Updates } from './updates.ts'

export interface SystemDeps {
  /** `timeZone`: where "today" is; undefined: in the installation's zone. */
  readonly readStatus: (cameras: CameraList, isAdmin: boolean, timeZone: string | undefined) => Promise<SystemStatus>
  readonly readReport: () => Promise<SystemReport>
  readonly updates: Updates
  readonly camerasOf: (caller: Caller, right: RightNeeded) => Promise<CameraList>
}

/** A proxy may close a silent connection after 30 s. */
const keepAliveMs = 15_000
const maxBufferedBytes = 256 * 1024

/** Each open page is one, and is asked about every second (revoke-sessions.ts). */
const perUser = 64
const inAll = 512

export function systemRoutes(http: Http, deps: SystemDeps): void {
  const seats = new Seats(perUser, inAll)

  http.get(
    '/api/system/status',
    {
      config: { access: { kind: 'cameras', right: 'view' } },
      schema: { querystring: statusQuery, response: { 200: systemStatus } },
    },
    (request) => deps.readStatus(request.cameras, request.caller.role === 'admin', request.query.timeZone),
  )

  http.get(
    '/api/system/report',
    { config: { access: { kind: 'admin' } }, schema: { response: { 200: systemReport } } },
    () => deps.readReport(),
  )

  http.get('/api/updates', { config: { access: { kind: 'cameras', right: 'any' } } }, async (request, reply) => {
    const { caller } = request
    const reach = await readReach(caller, deps.camerasOf)
    const { raw } = reply
    const leave = seats.take(caller.userId)
    reply.hijack()
    raw.once('close', leave)
    if (raw.destroyed) return leave() // It hung up meanwhile, and will not do so again.
    for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) raw.setHeader(name, value)
    raw.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' })
    raw.write('retry: 1000\n\n')
    const keepAlive = setInterval(() => raw.write(':\n\n'), keepAliveMs)
    const stopListening = deps.updates.listen({
      caller,
      reach,
      // A page that does not read is dropped; it comes back and asks for everything anew.
      send: (update) =>
        raw.writableLength > maxBufferedBytes ? raw.destroy() : raw.write(`data: ${JSON.stringify(update)}\n\n`),
      end: () => raw.destroy(),
    })
    raw.on('close', () => {
      clearInterval(keepAlive)
      stopListening()
    })
  })
}
