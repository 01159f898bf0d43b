/** Cameras in the database. The password is sealed and never leaves with the settings. */
import { type CameraSettings, cameraSettings } from '@vedette/shared/camera.ts'
import type { Db } from '../db/database.ts'
import type { CameraTable } from '../db/tables.ts'
import type { CameraList } from '../http/http.ts'
import { AppError } from '../lib/app-error.ts'
import { newId } from '../lib/new-id.ts'
import { type SealPlace, seal, unseal } from '../lib/seal.ts'

export interface Camera {
  readonly id: string
  readonly settings: CameraSettings
  readonly hasPassword: boolean
  readonly createdMs: number
}

const placeOfPassword = (cameraId: string): SealPlace => `camera.password_sealed.${cameraId}`
export const maxCameras = 256

export async function listCameras(db: Db, cameras: CameraList): Promise<Camera[]> {
  let query = db.selectFrom('camera').selectAll().where('deleted_ms', 'is', null)
  if (cameras !== 'all') query = query.where('id', 'in', cameras.length > 0 ? cameras : [''])
  const rows = (await query.execute()).map(toCamera)
  return rows.sort((a, b) => a.settings.order - b.settings.order || a.id.localeCompare(b.id))
}

export async function findCamera(db: Db, cameraId: string): Promise<Camera | undefined> {
  const row = await db
    .selectFrom('camera')
    .selectAll()
    .where('id', '=', cameraId)
    .where('deleted_ms', 'is', null)
    .executeTakeFirst()
  return row && toCamera(row)
}

/** Names of all cameras, deleted ones included, for receipts and footage that outlive them. */
export async function cameraNames(db: Db): Promise<Map<string, string>> {
  const rows = await db.selectFrom('camera').select(['id', 'settings']).execute()
  return new Map(rows.map((row) => [row.id, cameraSettings.parse(JSON.parse(row.settings)).name]))
}

export interface NewCameraRow {
  readonly settings: CameraSettings
  readonly password: string | null
}

export async function addCamera(db: Db, key: Buffer, camera: NewCameraRow, nowMs: number): Promise<Camera> {
  const id = newId(nowMs)
  const { count } = await db
    .selectFrom('camera')
    .select((select) => select.fn.countAll<number>().as('count'))
    .where('deleted_ms', 'is', null)
    .executeTakeFirstOrThrow()
  if (Number(count) >= maxCameras) throw new AppError('conflict', `One Vedette holds at most ${maxCameras} cameras.`)
  const row: CameraTable = {
    id,
    settings: JSON.stringify(camera.settings),
    password_sealed: camera.password ? seal(key, placeOfPassword(id), camera.password) : null,
    created_ms: nowMs,
    deleted_ms: null,
  }
  await db.insertInto('camera').values(row).execute()
  return toCamera(row)
}

/** `password` undefined keeps the stored one, null removes it. */
export async function changeCamera(
  db: Db,
  key: Buffer,
  change: { readonly id: string; readonly settings: CameraSettings; readonly password: string | null | undefined },
): Promise<void> {
  await db
    .updateTable('camera')
    .set({
      settings: JSON.stringify(change.settings),
      ...(change.password === undefined
        ? {}
        : { password_sealed: change.password ? seal(key, placeOfPassword(change.id), change.password) : null }),
    })
    .where('id', '=', change.id)
    .execute()
}

/** Takes a camera out of sight; its password goes at once, its footage when retention says so. */
export async function removeCamera(db: Db, cameraId: string, nowMs: number): Promise<void> {
  await db.updateTable('camera').set({ deleted_ms: nowMs, password_sealed: null }).where('id', '=', cameraId).execute()
  await db.deleteFrom('camera_key').where('camera_id', '=', cameraId).execute()
}

/** The password in clear, for the recorder only. */
export async function readPassword(db: Db, key: Buffer, cameraId: string): Promise<string | undefined> {
  const row = await db.selectFrom('camera').select('password_sealed').where('id', '=', cameraId).executeTakeFirst()
  return row?.password_sealed ? unseal(key, placeOfPassword(cameraId), row.password_sealed) : undefined
}

function toCamera(row: CameraTable): Camera {
  return {
    id: row.id,
    settings: cameraSettings.parse(JSON.parse(row.settings)),
    hasPassword: row.password_sealed !== null,
    createdMs: row.created_ms,
  }
}
