/** What is done by hand: recording for some minutes, keeping an event; and what is kept. */
import { eventChange, eventPage, eventView, recordByHand } from '@vedette/shared/event.ts'
import { del, get, patch, post } from './http.ts'

export const recordNow = (cameraId: string, minutes: number) =>
  post({ path: `/api/cameras/${cameraId}/recording`, body: recordByHand.parse({ minutes }), out: eventView })

export const stopRecording = (cameraId: string) => del({ path: `/api/cameras/${cameraId}/recording` })

export const keepEvent = (eventId: string, kept: boolean) =>
  patch({ path: `/api/events/${eventId}`, body: eventChange.parse({ kept }), out: eventView })

/** Newest first, a page at a time; of all cameras that the user may replay, or of one. */
export const listKeptEvents = (camera: string | undefined, cursor: string | null, signal?: AbortSignal) =>
  get({ path: '/api/events', query: { kept: 'true', camera, cursor, limit: 50 }, out: eventPage, signal })
