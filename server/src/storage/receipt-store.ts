/** Receipts of deletion, read. They are written with the deletion (record/deletion-store.ts). */
import type { ReceiptRule } from '@vedette/shared/storage.ts'
import type { Db } from '../db/database.ts'

export interface Receipt {
  readonly id: string
  readonly atMs: number
  readonly cameraId: string
  readonly startMs: number
  readonly endMs: number
  readonly segments: number
  readonly sizeBytes: number
  readonly rule: ReceiptRule
}

export interface ReceiptFilter {
  readonly cameraId?: string | undefined
  readonly limit: number
  /** The last receipt of the page before. */
  readonly before?: Pick<Receipt, 'atMs' | 'id'> | undefined
}

/** Newest first. */
export async function listReceipts(db: Db, { cameraId, limit, before }: ReceiptFilter): Promise<Receipt[]> {
  const rows = await db
    .selectFrom('receipt')
    .selectAll()
    .$if(cameraId !== undefined, (query) => query.where('camera_id', '=', cameraId ?? ''))
    .$if(before !== undefined, (query) =>
      query.where((eb) => eb(eb.refTuple('at_ms', 'id'), '<', eb.tuple(before?.atMs ?? 0, before?.id ?? ''))),
    )
    .orderBy('at_ms', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
  return rows.map((row) => ({
    id: row.id,
    atMs: row.at_ms,
    cameraId: row.camera_id,
    startMs: row.start_ms,
    endMs: row.end_ms,
    segments: row.segments,
    sizeBytes: row.size_bytes,
    rule: row.rule as ReceiptRule,
  }))
}
