/** The record button: footage is wanted for some minutes, whatever the camera's mode; and its end. */
import type { WriteAudit } from '@vedette/shared/audit.ts'
import { eventView, recordByHand } from '@vedette/shared/event.ts'
import { id } from '@vedette/shared/id.ts'
import { z } from 'zod'
import { actorOf } from '../http/actor.ts'
import type { Http } from '../http/http.ts'
import { AppError } from '../lib/app-error.ts'
import type { RecordByHand } from './record-by-hand.ts'

export interface RecordDeps {
  readonly audit: WriteAudit
  readonly byHand: Pick<RecordByHand, 'start' | 'stop'>
  readonly isSwitchedOn: (cameraId: string) => Promise<boolean>
  /** Counts; false for somebody who presses without end: each time is an entry of the audit log, an event and a picture. */
  readonly mayPress: (userId: string) => Promise<boolean>
}

const params = z.strictObject({ id })
const controlCamera = { access: { kind: 'camera', right: 'control', object: 'camera' } } as const

export function recordRoutes(http: Http, { audit, byHand, isSwitchedOn, mayPress }: RecordDeps): void {
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
      const detail = { minutes }
      await audit({ kind: 'recording.by_hand', ...actorOf(request), object: `camera ${cameraId}`, detail })
      return byHand.start(cameraId, minutes * 60_000)
    },
  )

  http.delete(
    '/api/cameras/:id/recording',
    { config: controlCamera, schema: { params, response: { 200: z.strictObject({}) } } },
    async (request) => {
      const { cameraId } = request
      if (await byHand.stop(cameraId))
        await audit({ kind: 'recording.by_hand_ended', ...actorOf(request), object: `camera ${cameraId}` })
      return {}
    },
  )
}
