/** Footage over HTTP: parts for our own player, segment files, one fMP4 for any span, HLS for other players. */
import { Readable } from 'node:stream'
import { id } from '@vedette/shared/id.ts'
import { mediaQuery, playbackHeaders, playbackParts, playbackQuery } from '@vedette/shared/playback.ts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Caller, Right } from '../http/access.ts'
import type { Http } from '../http/http.ts'
import { Seats } from '../http/seats.ts'
import { AppError } from '../lib/app-error.ts'
import type { Clock } from '../lib/clock.ts'
import { FairQueue, TooBusy } from '../lib/fair-queue.ts'
import { answerRange } from './byte-range.ts'
import { type Footage, hasSound, type SpanQuery } from './footage.ts'
import { playbackBytes, segmentBytes } from './playback-bytes.ts'
import { listParts, maxParts } from './playback-parts.ts'
import { type PlaybackPlan, planPlayback } from './playback-plan.ts'
import { hlsPlaylist, type PlaylistPiece } from './playlist.ts'
import type { WatchRight } from './rights-watch.ts'

export interface PlaybackDeps {
  readonly footage: Footage
  readonly clock: Clock
  readonly isAllowed: (caller: Caller, cameraId: string, right: Right) => Promise<boolean>
  readonly watchRight: WatchRight
  /** A download that takes nothing for so long is cut; players ask again by Range. */
  readonly stallMs?: number
}

const params = z.strictObject({ id })
const span = playbackQuery.refine((query) => query.endMs > query.startMs, {
  path: ['endMs'],
  message: 'must be later than startMs',
})
const replayCamera = { access: { kind: 'camera', right: 'replay', object: 'camera', shows: 'footage' } } as const
/** The whole span in one file. */
const takeAlong = { access: { kind: 'camera', right: 'replay', object: 'camera', shows: 'export' } } as const
const replaySegment = { access: { kind: 'camera', right: 'replay', object: 'segment', shows: 'footage' } } as const

interface Served {
  readonly sizeBytes: number
  readonly etag: string
  /** Holds no sound. */
  readonly muted: boolean
  readonly bytes: (first: number, end: number) => AsyncGenerator<Buffer>
}

export function playbackRoutes(http: Http, deps: PlaybackDeps): void {
  const { footage } = deps
  const seats = new Seats(32, 256)
  // To find what a span of days has takes tens of milliseconds: three hundred questions at once kept everybody else out for nine seconds.
  const line = new FairQueue({ atOnce: 2, waiting: 1024, waitingPerKey: 128 })
  const inLine = <T>(request: FastifyRequest, work: () => Promise<T>): Promise<T> =>
    line.run(request.caller.userId, work).catch((error: unknown) => {
      if (!(error instanceof TooBusy)) throw error
      throw new AppError('too_many_requests', 'Too much footage is asked for at once. Wait for the first of it.')
    })
  const isMuted = async (request: FastifyRequest) => !(await deps.isAllowed(request.caller, request.cameraId, 'audio'))

  function serve(request: FastifyRequest, reply: FastifyReply, file: Served): FastifyReply {
    const answer = answerRange(request, file)
    reply.code(answer.status).headers(answer.headers).type('video/mp4')
    if (request.method === 'HEAD' || answer.status === 416) return reply.send()
    const leave = seats.take(request.caller.userId)
    // As far as one read ahead of the client, no further.
    const body = Readable.from(file.bytes(answer.first, answer.end), { objectMode: false, highWaterMark: 1 })
    const { caller, cameraId } = request
    reply.raw.setTimeout(deps.stallMs ?? 120_000, () => body.destroy())
    const revoked = () => body.destroy(new AppError('forbidden', 'The right to this footage ended.'))
    const needed = file.muted ? (['replay'] as const) : (['replay', 'audio'] as const)
    const unwatch = needed.map((right) => deps.watchRight({ caller, cameraId, right, onRevoked: revoked }))
    body.once('close', () => {
      for (const stop of unwatch) stop()
      leave()
    })
    return reply.send(body)
  }

  http.get(
    '/api/cameras/:id/parts',
    { config: replayCamera, schema: { params, querystring: span, response: { 200: playbackParts } } },
    async (request) => {
      const query = { ...request.query, cameraId: request.cameraId }
      const muted = await isMuted(request)
      return inLine(request, () => listParts(footage, query, muted, deps.clock.nowMs()))
    },
  )

  // The second name is for HLS: FFmpeg's players fetch nothing whose name does not end like a media file's.
  for (const url of ['/api/segments/:id/media', '/api/segments/:id/media.mp4']) segmentFile(url)
  function segmentFile(url: string): void {
    http.route({
      method: ['GET', 'HEAD'],
      url,
      config: replaySegment,
      schema: { params, querystring: mediaQuery },
      handler: async (request, reply) => {
        const piece = await footage.find(request.params.id)
        if (!piece || piece.cameraId !== request.cameraId) throw new AppError('not_found', 'There is nothing here.')
        const index = await footage.index(piece)
        // A track without samples is taken out like one that may not be heard, as the parts say.
        const isWithout = index?.head.hasAudio === true && (request.query.muted !== undefined || !hasSound(index))
        const muted = isWithout || (await isMuted(request))
        const sizeBytes = piece.isOpen ? (index?.endOffset ?? 0) : piece.sizeBytes
        const etag = `"${piece.id}-${sizeBytes}${muted ? '-m' : ''}"`
        await (await footage.openFile(piece)).close() // So that a missing file answers 404 and not a broken body.
        const bytes = (first: number, end: number) => segmentBytes(footage, piece, first, end, muted)
        return serve(request, reply, { sizeBytes, etag, muted, bytes })
      },
    })
  }

  http.route({
    method: ['GET', 'HEAD'],
    url: '/api/cameras/:id/playback',
    config: takeAlong,
    schema: { params, querystring: span },
    handler: async (request, reply) => {
      const query = { ...request.query, cameraId: request.cameraId }
      const muted = await isMuted(request)
      const plan = await inLine(request, () => planPlayback(footage, query, muted))
      reply.headers(planHeaders(plan))
      const bytes = (first: number, end: number) => playbackBytes(footage, plan, first, end)
      return serve(request, reply, { sizeBytes: plan.sizeBytes, etag: plan.etag, muted, bytes })
    },
  })

  http.get(
    '/api/cameras/:id/playback.m3u8',
    { config: replayCamera, schema: { params, querystring: span } },
    async (request, reply) => {
      const { startMs, endMs } = request.query
      const query = { ...request.query, cameraId: request.cameraId }
      const { pieces, next } = await inLine(request, () => listPlaylist(footage, query))
      if (pieces.length === 0) throw new AppError('no_footage', 'Nothing was recorded in this span.')
      if (next) reply.header(playbackHeaders.nextMs, String(next.startMs))
      return reply.type('application/vnd.apple.mpegurl').send(hlsPlaylist(pieces, startMs, endMs))
    },
  )
}

async function listPlaylist(footage: Footage, query: SpanQuery) {
  const listed = await footage.list(query, maxParts + 1)
  const pieces: PlaylistPiece[] = []
  for (const piece of listed.slice(0, maxParts)) {
    const index = await footage.index(piece)
    if (index) pieces.push({ uri: `../../segments/${piece.id}/media.mp4`, startMs: piece.startMs, index })
  }
  return { pieces, next: listed[maxParts] }
}

/** Header lines are bounded: this many gaps are named, all are in the total. */
const namedGaps = 100

function planHeaders(plan: PlaybackPlan): Record<string, string> {
  const totalMs = plan.gaps.reduce((sum, gap) => sum + gap.endMs - gap.startMs, 0)
  return {
    [playbackHeaders.startMs]: String(plan.startMs),
    [playbackHeaders.endMs]: String(plan.endMs),
    [playbackHeaders.gaps]: plan.gaps
      .slice(0, namedGaps)
      .map((gap) => `${gap.startMs}-${gap.endMs}`)
      .join(', '),
    [playbackHeaders.gapsTotalMs]: String(totalMs),
    ...(plan.nextMs === null ? {} : { [playbackHeaders.nextMs]: String(plan.nextMs) }),
  }
}
