/** GET and PATCH /api/time-zone: the zone in which schedules count. */
import { z } from 'zod'
import { timeZone } from './local-time.ts'

export const installationZone = z.strictObject({ timeZone })
export type InstallationZone = z.infer<typeof installationZone>
