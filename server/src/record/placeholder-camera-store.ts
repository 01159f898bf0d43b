/** Cameras that only their footage remembers: a row makes it reachable again, and nothing connects to them. */
import { cameraSettings } from '@vedette/shared/camera.ts'
import type { Db } from '../db/database.ts'

/** Adds a disabled camera, named after its id, for each id that has no row. Gives those that were added. */
export async function addPlaceholderCameras(db: Db, cameraIds: readonly string[], nowMs: number): Promise<string[]> {
  const wanted = [...new Set(cameraIds)]
  if (wanted.length === 0) return []
  const rows = await db.selectFrom('camera').select('id').where('id', 'in', wanted).execute()
  const known = new Set(rows.map((row) => row.id))
  const added = wanted.filter((id) => !known.has(id))
  if (added.length > 0)
    await db
      .insertInto('camera')
      .values(
        added.map((id) => ({
          id,
          settings: JSON.stringify(placeholder(id)),
          password_sealed: null,
          created_ms: nowMs,
          deleted_ms: null,
        })),
      )
      .onConflict((conflict) => conflict.column('id').doNothing())
      .execute()
  return added
}

function placeholder(id: string) {
  return cameraSettings.parse({
    name: id,
    location: '',
    enabled: false,
    address: 'rtsp://unknown.invalid/',
    subAddress: null,
    username: '',
    transport: 'tcp',
    liveMode: 'auto',
    mode: 'off',
    preRollMs: 5000,
    postRollMs: 10_000,
    recordAudio: false,
    keepDays: null,
    motion: {},
    order: 100_000,
  })
}
