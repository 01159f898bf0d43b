/** Volumes, what they hold, how long it will last, and the receipts of deletion. */
import { z } from 'zod'
import { displayName } from './display-name.ts'
import { id, timeMs } from './id.ts'

export const volumeState = z.enum(['ok', 'full', 'read_only', 'missing', 'swapped', 'slow', 'failed'])
export type VolumeState = z.infer<typeof volumeState>

export const volumeView = z.strictObject({
  id,
  name: z.string(),
  path: z.string(),
  state: volumeState,
  problem: z.string().nullable(),
  totalBytes: z.number(),
  freeBytes: z.number(),
  footageBytes: z.number(),
  /** Null: no quota but the reserve. */
  quotaBytes: z.number().nullable(),
  reserveShare: z.number(),
  bytesPerDay: z.number(),
  daysLeft: z.number().nullable(),
  cameras: z.array(
    z.strictObject({
      cameraId: id,
      name: z.string(),
      footageBytes: z.number(),
      bytesPerDay: z.number(),
      oldestMs: timeMs.nullable(),
      keepDays: z.number().nullable(),
    }),
  ),
})
export type VolumeView = z.infer<typeof volumeView>
export const volumeList = z.strictObject({ volumes: z.array(volumeView) })

/** PATCH /api/volumes/:id */
export const volumeChange = z.strictObject({
  name: displayName.optional(),
  quotaBytes: z.number().int().min(100_000_000).max(1e15).nullable().optional(),
  reserveShare: z.number().min(0.01).max(0.5).optional(),
})

/** POST /api/volumes/:id/simulate: the oldest footage of each camera under these rules. */
export const simulateRequest = z.strictObject({
  quotaBytes: z.number().int().min(100_000_000).max(1e15).nullable(),
  reserveShare: z.number().min(0.01).max(0.5),
})
export const simulateAnswer = z.strictObject({
  cameras: z.array(z.strictObject({ cameraId: id, name: z.string(), days: z.number().nullable() })),
})

/** GET /api/receipts: newest first; `cursor` comes from the answer before. */
export const receiptQuery = z.strictObject({
  camera: id.optional(),
  cursor: z.string().max(100).optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
})

/** GET /api/receipts: what was deleted, by which rule. */
export const receiptView = z.strictObject({
  id,
  atMs: timeMs,
  cameraId: id,
  cameraName: z.string(),
  startMs: timeMs,
  endMs: timeMs,
  segments: z.number().int(),
  sizeBytes: z.number(),
  rule: z.enum(['days', 'quota', 'reserve', 'camera_deleted', 'file_missing', 'by_hand']),
})
export const receiptPage = z.strictObject({ receipts: z.array(receiptView), nextCursor: z.string().nullable() })
export type ReceiptView = z.infer<typeof receiptView>
export type ReceiptRule = ReceiptView['rule']
