/** The TLS keys of cameras in the database, one for each stream: the trusted one, and another that it shows since. */
import type { CameraKeyView, StreamName } from '@vedette/shared/camera.ts'
import type { Db } from '../db/database.ts'
import { inTransaction } from '../db/in-transaction.ts'
import type { CameraKeyTable } from '../db/tables.ts'

/** A key that a camera showed when the recorder connected. */
export interface ShownKey {
  readonly cameraId: string
  readonly stream: StreamName
  readonly keySha256: string
  /** The stream plays with it; false: it was refused for being another than the trusted one. */
  readonly isAccepted: boolean
}

export async function listCameraKeys(db: Db, cameraId: string): Promise<CameraKeyView[]> {
  const rows = db.selectFrom('camera_key').selectAll().where('camera_id', '=', cameraId)
  return (await rows.orderBy('stream').execute()).map(toView)
}

/** Those of all cameras, by the camera's id. */
export async function allCameraKeys(db: Db): Promise<Map<string, CameraKeyView[]>> {
  const rows = await db.selectFrom('camera_key').selectAll().orderBy('stream').execute()
  const all = new Map<string, CameraKeyView[]>()
  for (const row of rows) all.set(row.camera_id, [...(all.get(row.camera_id) ?? []), toView(row)])
  return all
}

/** The trusted key of each stream, as the recorder needs them. */
export async function trustedKeys(db: Db, cameraId: string): Promise<Record<StreamName, string | null>> {
  const keys = await listCameraKeys(db, cameraId)
  const of = (stream: StreamName) => keys.find((key) => key.stream === stream)?.keySha256 ?? null
  return { main: of('main'), sub: of('sub') }
}

/** Takes down what was shown. 'first': it is trusted from now on; 'other': it is not the trusted one, and is news. */
export async function noteShownKey(db: Db, shown: ShownKey, nowMs: number): Promise<'first' | 'other' | 'known'> {
  const { cameraId, stream, keySha256, isAccepted } = shown
  return inTransaction(db, async (trx) => {
    const rows = trx.selectFrom('camera_key').selectAll().where('camera_id', '=', cameraId)
    const row = await rows.where('stream', '=', stream).executeTakeFirst()
    if (!row) {
      if (!isAccepted) return 'known' // The recorder compared with a key that was let go meanwhile.
      const first = { camera_id: cameraId, stream, key_sha256: keySha256, since_ms: nowMs }
      await trx
        .insertInto('camera_key')
        .values({ ...first, shown_sha256: null, shown_ms: null })
        .execute()
      return 'first'
    }
    const other = row.key_sha256 === keySha256 ? null : keySha256
    if (row.shown_sha256 === other) return 'known'
    await trx
      .updateTable('camera_key')
      .set({ shown_sha256: other, shown_ms: other === null ? null : nowMs })
      .where('camera_id', '=', cameraId)
      .where('stream', '=', stream)
      .execute()
    return other ? 'other' : 'known'
  })
}

/** Trusts the key that the camera shows, on each stream that shows exactly this one; gives those it replaced. */
export async function trustShownKey(
  db: Db,
  cameraId: string,
  keySha256: string,
  nowMs: number,
): Promise<{ stream: StreamName; before: string }[]> {
  return inTransaction(db, async (trx) => {
    const rows = await trx
      .selectFrom('camera_key')
      .selectAll()
      .where('camera_id', '=', cameraId)
      .where('shown_sha256', '=', keySha256)
      .orderBy('stream')
      .execute()
    await trx
      .updateTable('camera_key')
      .set({ key_sha256: keySha256, since_ms: nowMs, shown_sha256: null, shown_ms: null })
      .where('camera_id', '=', cameraId)
      .where('shown_sha256', '=', keySha256)
      .execute()
    return rows.map((row) => ({ stream: row.stream, before: row.key_sha256 }))
  })
}

function toView(row: CameraKeyTable): CameraKeyView {
  return {
    stream: row.stream,
    keySha256: row.key_sha256,
    sinceMs: row.since_ms,
    shownSha256: row.shown_sha256,
    shownMs: row.shown_ms,
  }
}

/** Their address is another, or the camera is gone: the next key is the first again. */
export async function forgetKeys(db: Db, cameraId: string, streams: readonly StreamName[]): Promise<void> {
  if (streams.length === 0) return
  await db.deleteFrom('camera_key').where('camera_id', '=', cameraId).where('stream', 'in', streams).execute()
}
