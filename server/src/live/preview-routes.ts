/** Pictures of the past over HTTP: the preview strip, and any recorded instant as a JPEG. */
import { id, queryTimeMs } from '@vedette/shared/id.ts'
import { captureMsHeader, previewList, previewQuery, snapshotQuery } from '@vedette/shared/playback.ts'
import { z } from 'zod'
import type { Http } from '../http/http.ts'
import { Seats } from '../http/seats.ts'
import { AppError } from '../lib/app-error.ts'
import type { Footage } from './footage.ts'
import type { PreviewReader } from './preview-reader.ts'
import { type DecodeJpeg, unitsAt } from './snapshot.ts'

export interface PreviewDeps {
  readonly previews: PreviewReader
  readonly footage: Footage
  readonly decodeJpeg: DecodeJpeg
}

const params = z.strictObject({ id })
const replayCamera = { access: { kind: 'camera', right: 'replay', object: 'camera', shows: 'footage' } } as const

const jpegHeaders = (captureMs: number) => ({
  'content-type': 'image/jpeg',
  [captureMsHeader]: String(captureMs),
  // Footage does not stay on a computer after the person who may see it has signed out.
  'cache-control': 'private, no-store',
})

export function previewRoutes(http: Http, deps: PreviewDeps): void {
  // Each may decode a whole group of pictures.
  const seats = new Seats(4, 16)

  http.get(
    '/api/cameras/:id/previews',
    { config: replayCamera, schema: { params, querystring: previewQuery, response: { 200: previewList } } },
    async (request) => {
      const { fromMs, toMs } = request.query
      return { times: await deps.previews.times(request.cameraId, fromMs, toMs) }
    },
  )

  http.get(
    '/api/cameras/:id/previews/:ms.jpg',
    { config: replayCamera, schema: { params: params.extend({ ms: queryTimeMs }) } },
    async (request, reply) => {
      const picture = await deps.previews.pictureAt(request.cameraId, request.params.ms)
      if (!picture) throw new AppError('no_footage', 'There is no preview picture of this time.')
      return reply.headers(jpegHeaders(picture.captureMs)).send(picture.jpeg)
    },
  )

  http.get(
    '/api/cameras/:id/snapshot.jpg',
    { config: replayCamera, schema: { params, querystring: snapshotQuery } },
    async (request, reply) => {
      const { atMs, stream, maxWidth } = request.query
      const leave = seats.take(request.caller.userId)
      try {
        const { captureMs, ...pictures } = await unitsAt(deps.footage, request.cameraId, stream, atMs)
        const jpeg = await deps.decodeJpeg({ ...pictures, maxWidth, cameraId: request.cameraId })
        return reply.headers(jpegHeaders(captureMs)).send(jpeg)
      } finally {
        leave()
      }
    },
  )
}
