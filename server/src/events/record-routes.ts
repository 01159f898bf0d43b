/** The record button: footage is wanted for some minutes, whatever the camera's mode; and its end. */
import type { AuditKind } from '@vedette/shared/audit.ts'
import { eventView, recordByHand } from '@vedette/shared/event.ts'
import { id } from '@vedette/shared/id.ts'
import { z } from 'zod'
import type { AuditedChange } from '../db/in-transaction.ts'
import { actorOf } from '../http/actor.ts'
import type { Http, HttpRequest } from '../http/http.ts'
import { AppError } from '../lib/app-error.ts'
import type { RecordByHand, WriteIn } from './record-by-hand.ts'

export interface RecordDeps {
  readonly change: AuditedChange
  readonly byHand: Pick<RecordByHand, 'start' | 'stop'>
  readonly isSwitchedOn: (cameraId: string) => Promise<boolean>
  /** Counts; false for somebody who presses without end: each time is an entry of the audit log, an event and a picture. */
  readonly mayPress: (userId: string) => Promise<boolean>
}

const params = z.strictObject({ id })
const controlCamera = { access: { kind: 'camera', right: 'control', object: 'camera' } } as const

export function recordRoutes(http: Http, { change, byHand, isSwitchedOn, mayPress }: RecordDeps): void {
  http.post(
    '/api/cameras/:id/recording',
    { config: controlCamera, schema: { params, body: recordByHand, response: { 200: eventView } } },
    async (request) => {
      const { cameraId } = request
      if (!(await isSwitchedOn(cameraId)))
        throw new AppError('conflict', 'This camera is switched off. Switch it on to record.')
      if (!(await mayPress(request.caller.userId)))
        throw new AppError('too_many_requests', 'You began too many recordings within the hour: try again later.')
      const { minutes } = request.body
      return byHand.start(cameraId, minutes * 60_000, audited(request, 'recording.by_hand', { minutes }))
    },
  )

  http.delete(
    '/api/cameras/:id/recording',
    { config: controlCamera, schema: { params, response: { 200: z.strictObject({}) } } },
    async (request) => {
      await byHand.stop(request.cameraId, audited(request, 'recording.by_hand_ended'))
      return {}
    },
  )

  const audited =
    (request: HttpRequest, kind: AuditKind, detail = {}): WriteIn =>
    (work) =>
      change(work, () => ({ kind, ...actorOf(request), object: `camera ${request.cameraId}`, detail }))
}
