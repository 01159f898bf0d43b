/** The audit log: pages of it, and the whole as a file. */
import { type auditKind, auditPage, auditVerdict } from '@vedette/shared/audit.ts'
import type { z } from 'zod'
import { get, getBytes, post } from './http.ts'

export interface AuditFilter {
  readonly kind?: z.infer<typeof auditKind> | undefined
  readonly userId?: string | undefined
  readonly cameraId?: string | undefined
  readonly sinceMs?: number | undefined
  readonly untilMs?: number | undefined
}

/** Newest first; `beforeSeq` comes from the page before. */
export const listAudit = (filter: AuditFilter, beforeSeq: number | null, signal?: AbortSignal) =>
  get({ path: '/api/audit', query: { ...filter, beforeSeq }, out: auditPage, signal })

/** Checks every entry; a long log takes some seconds. */
export const verifyAudit = () => post({ path: '/api/audit/verify', out: auditVerdict })

/** One entry a line. Needs a fresh password. */
export const exportAudit = async () => (await getBytes('/api/audit/export', {})).blob()
