/** Live pictures over HTTP: the WebSocket, and single JPEGs for browsers that can play nothing else. */

import type { WebSocket } from '@fastify/websocket'
import { id } from '@vedette/shared/id.ts'
import { liveQuery } from '@vedette/shared/live.ts'
import { liveClose } from '@vedette/shared/live-frame.ts'
import { captureMsHeader, frameQuery } from '@vedette/shared/playback.ts'
import { z } from 'zod'
import type { Caller, Right } from '../http/access.ts'
import type { Http } from '../http/http.ts'
import { Seats } from '../http/seats.ts'
import type { Clock } from '../lib/clock.ts'
import type { LiveHub } from './live-hub.ts'
import { type LiveLimits, LiveSession, type LiveSocket, liveLimits } from './live-session.ts'
import type { WatchRight } from './rights-watch.ts'

export interface LatestJpeg {
  readonly jpeg: Uint8Array
  readonly captureMs: number
}

export interface LiveDeps {
  readonly hub: LiveHub
  readonly clock: Clock
  readonly isAllowed: (caller: Caller, cameraId: string, right: Right) => Promise<boolean>
  readonly watchRight: WatchRight
  /** The newest picture of a stream. Throws vision_unavailable, recorder_unavailable, camera_*. */
  readonly latestJpeg: (cameraId: string, stream: 'main' | 'sub', maxWidth: number) => Promise<LatestJpeg>
  /** Aborts when the server stops: sockets are closed with 'going away', so that pages come back. */
  readonly signal: AbortSignal
  readonly limits?: LiveLimits
}

const params = z.strictObject({ id })
const viewCamera = { access: { kind: 'camera', right: 'view', object: 'camera', shows: 'live' } } as const

export function liveRoutes(http: Http, deps: LiveDeps): void {
  liveSocket(http, deps)
  // A browser asks for a few at a time; each may cost a decoded picture.
  const seats = new Seats(16, 64)

  http.get(
    '/api/cameras/:id/frame.jpg',
    { config: viewCamera, schema: { params, querystring: frameQuery } },
    async (request, reply) => {
      const { stream, maxWidth } = request.query
      const leave = seats.take(request.caller.userId)
      try {
        const { jpeg, captureMs } = await deps.latestJpeg(request.cameraId, stream, maxWidth)
        const etag = `"${captureMs}-${stream}-${maxWidth}"`
        reply.headers({ etag, [captureMsHeader]: String(captureMs), 'cache-control': 'private, no-store' })
        if (request.headers['if-none-match'] === etag) return reply.code(304).send()
        return reply.type('image/jpeg').send(jpeg)
      } finally {
        leave()
      }
    },
  )
}

function liveSocket(http: Http, deps: LiveDeps): void {
  // A wall of 64 cameras in two windows, for each user.
  const seats = new Seats(128, 1024)
  const sessions = new Set<LiveSession>()
  const health = setInterval(() => {
    for (const session of sessions) session.checkHealth()
  }, 1000)
  health.unref()
  const stop = () => {
    clearInterval(health)
    for (const session of sessions) session.close(liveClose.goingAway, 'the server stops')
  }
  if (deps.signal.aborted) stop()
  else deps.signal.addEventListener('abort', stop, { once: true })
  const mayHear = new WeakMap<object, boolean>()

  http.get(
    '/api/cameras/:id/live',
    {
      websocket: true,
      config: viewCamera,
      schema: { params, querystring: liveQuery },
      // Before the upgrade: a refusal is an answer with a sentence, and the handler below must not wait.
      preHandler: async (request) => {
        seats.check(request.caller.userId)
        mayHear.set(request, await deps.isAllowed(request.caller, request.cameraId, 'audio'))
      },
    },
    (socket, request) => {
      const { caller, cameraId } = request
      const ends: (() => void)[] = []
      const withAudio = mayHear.get(request) ?? false
      const session = new LiveSession({
        socket: asLiveSocket(socket),
        clock: deps.clock,
        withAudio,
        limits: deps.limits ?? liveLimits,
        onClosed: () => {
          sessions.delete(session)
          for (const end of ends) end()
        },
      })
      sessions.add(session)
      socket.on('close', () => session.ended())
      socket.on('pong', () => session.control())
      socket.on('ping', () => session.control())
      socket.on('message', (data, isBinary) => {
        if (isBinary && Buffer.isBuffer(data)) session.receive(data)
        else session.close(liveClose.badMessage, 'not a clock message')
      })
      const onRevoked = () => session.close(liveClose.revoked, 'the right to watch ended')
      ends.push(seats.take(caller.userId))
      ends.push(deps.watchRight({ caller, cameraId, right: 'view', onRevoked }))
      // The page comes back, to pictures without sound.
      const onMuted = () => session.close(liveClose.goingAway, 'the right to listen ended')
      if (withAudio) ends.push(deps.watchRight({ caller, cameraId, right: 'audio', onRevoked: onMuted }))
      ends.push(deps.hub.watch(cameraId, request.query.stream, session))
    },
  )
}

function asLiveSocket(socket: WebSocket): LiveSocket {
  return {
    get bufferedAmount() {
      return socket.bufferedAmount
    },
    // An error here is followed by 'close', which ends the session.
    send: (bytes, onSent) => socket.send(bytes, { binary: true }, () => onSent()),
    ping: () => socket.ping(),
    close: (code, reason) => socket.close(code, reason),
    terminate: () => socket.terminate(),
  }
}
