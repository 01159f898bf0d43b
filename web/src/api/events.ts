/** What is done by hand: recording for some minutes, keeping an event. */
import { eventChange, eventView, recordByHand } from '@vedette/shared/event.ts'
import { del, patch, post } from './http.ts'

export const recordNow = (cameraId: string, minutes: number) =>
  post({ path: `/api/cameras/${cameraId}/recording`, body: recordByHand.parse({ minutes }), out: eventView })

export const stopRecording = (cameraId: string) => del({ path: `/api/cameras/${cameraId}/recording` })

export const keepEvent = (eventId: string, kept: boolean) =>
  patch({ path: `/api/events/${eventId}`, body: eventChange.parse({ kept }), out: eventView })
