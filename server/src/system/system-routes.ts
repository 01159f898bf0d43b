/** State of the machine, and the stream of updates that keeps pages fresh. */
import { type SystemStatus, systemStatus } from '@vedette/shared/system.ts'
import type { Caller, Right } from '../http/access.ts'
import type { CameraList, Http } from '../http/http.ts'
import type { Updates } from './updates.ts'

export interface SystemDeps {
  readonly readStatus: (cameras: CameraList, isAdmin: boolean) => Promise<SystemStatus>
  readonly updates: Updates
  readonly camerasOf: (caller: Caller, right: Right) => Promise<CameraList>
}

/** A proxy may close a silent connection after 30 s. */
const keepAliveMs = 15_000
const maxBufferedBytes = 256 * 1024

export function systemRoutes(http: Http, deps: SystemDeps): void {
  http.get(
    '/api/system/status',
    { config: { access: { kind: 'cameras', right: 'view' } }, schema: { response: { 200: systemStatus } } },
    (request) => deps.readStatus(request.cameras, request.caller.role === 'admin'),
  )

  http.get('/api/updates', { config: { access: { kind: 'self' } } }, async (request, reply) => {
    const { caller } = request
    const [view, replay] = await Promise.all([deps.camerasOf(caller, 'view'), deps.camerasOf(caller, 'replay')])
    reply.hijack()
    const { raw } = reply
    for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) raw.setHeader(name, value)
    raw.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' })
    raw.write('retry: 1000\n\n')
    const keepAlive = setInterval(() => raw.write(':\n\n'), keepAliveMs)
    const stopListening = deps.updates.listen({
      sessionId: caller.sessionId,
      view,
      replay,
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
