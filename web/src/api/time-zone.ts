/** The installation's time zone, in which schedules count. */
import { installationZone } from '@vedette/shared/time-zone.ts'
import { get, patch } from './http.ts'

export const readTimeZone = async (signal: AbortSignal) =>
  (await get({ path: '/api/time-zone', out: installationZone, signal })).timeZone

export const changeTimeZone = async (timeZone: string) =>
  (await patch({ path: '/api/time-zone', body: { timeZone }, out: installationZone })).timeZone
