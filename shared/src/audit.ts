/** The audit log: who did what when. Rows are never changed; each carries a keyed hash over itself and the one before. */
import { z } from 'zod'
import { id, queryTimeMs, timeMs } from './id.ts'

export const auditKind = z.enum([
  'installation.set_up',
  'login.ok',
  'login.failed',
  'login.limited',
  'login.second_factor_failed',
  'logout',
  'reauth.ok',
  'reauth.failed',
  'access.refused',
  'session.ended',
  'device.forgotten',
  'password.changed',
  'second_factor.added',
  'second_factor.removed',
  'second_factor.reset',
  'recovery_codes.made',
  'profile.changed',
  'user.added',
  'user.changed',
  'user.deleted',
  'role.added',
  'role.changed',
  'role.deleted',
  'policy.changed',
  'group.added',
  'group.changed',
  'group.deleted',
  'token.made',
  'token.ended',
  'camera.added',
  'camera.changed',
  'camera.deleted',
  'camera.key_first_trusted',
  'camera.key_refused',
  'camera.key_trusted',
  'egress.refused',
  'volume.changed',
  'time_zone.changed',
  'recording.by_hand',
  'recording.by_hand_ended',
  'event.kept',
  'event.let_go',
  'live.viewed',
  'footage.viewed',
  'footage.exported',
  'audit.exported',
  'audit.verified',
  'audit.broken',
  'refusals.summed',
  'backup.made',
  'backup.not_made',
  'backup.downloaded',
  'backup.deleted',
  'backup.settings_changed',
  'backup.restore_begun',
  'backup.restored',
  'backup.restore_not_done',
  'logs.downloaded',
  'key.rotated',
])
export type AuditKind = z.infer<typeof auditKind>

/** What is written; the log adds number, time and hash. */
export interface AuditEntry {
  readonly kind: AuditKind
  /** Null: nobody signed in, or the machine itself. */
  readonly userId: string | null
  readonly username: string
  readonly address: string
  /** What it was done to, e.g. 'camera 01J…'. */
  readonly object?: string
  /** `{ before, after }` for changes. Never a secret. */
  readonly detail?: Readonly<Record<string, unknown>>
}
/** Resolves when the entry is in the database. */
export type WriteAudit = (entry: AuditEntry) => Promise<void>

export const auditView = z.strictObject({
  seq: z.number().int(),
  atMs: timeMs,
  kind: z.string(),
  userId: id.nullable(),
  username: z.string(),
  address: z.string(),
  object: z.string(),
  detail: z.record(z.string(), z.unknown()),
  hash: z.string(),
})
export type AuditView = z.infer<typeof auditView>

/** GET /api/audit: newest first; `beforeSeq` is the last one's number of the answer before. */
export const auditQuery = z.strictObject({
  beforeSeq: z.coerce.number().int().min(1).optional(),
  kind: auditKind.optional(),
  userId: id.optional(),
  /** What was done with this camera, and who looked at it. */
  cameraId: id.optional(),
  sinceMs: queryTimeMs.optional(),
  untilMs: queryTimeMs.optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
})
export type AuditQuery = z.infer<typeof auditQuery>
/** POST /api/audit/verify: what `vedette audit verify` says. No problems: the log is whole. */
export const auditVerdict = z.strictObject({ entries: z.number().int(), problems: z.array(z.string()) })
export type AuditVerdict = z.infer<typeof auditVerdict>
/** `nextBeforeSeq` null: that was the last page. */
export const auditPage = z.strictObject({ entries: z.array(auditView), nextBeforeSeq: z.number().int().nullable() })
