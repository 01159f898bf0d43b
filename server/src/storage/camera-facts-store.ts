/** What storage needs to know of cameras: name and rules, deleted ones included, whose footage outlives them. */
import { z } from 'zod'
import type { Db } from '../db/database.ts'

/** A part of shared/src/camera.ts cameraSettings; other keys do not matter here. */
const settings = z.object({ name: z.string(), keepDays: z.number().nullable() })

export interface CameraFacts {
  readonly cameraId: string
  readonly name: string
  readonly keepDays: number | null
}

export async function cameraFacts(db: Db): Promise<ReadonlyMap<string, CameraFacts>> {
  const rows = await db.selectFrom('camera').select(['id', 'settings']).execute()
  return new Map(rows.map((row) => [row.id, { cameraId: row.id, ...settings.parse(JSON.parse(row.settings)) }]))
}
