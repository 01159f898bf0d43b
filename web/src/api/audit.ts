/** The audit log: pages of it, and the whole as a file. */
import { type auditKind, auditPage } from '@vedette/shared/audit.ts'
import type { z } from 'zod'
import { get, getBytes } from './http.ts'

export interface AuditFilter {
  readonly kind?: z.infer<typeof auditKind> | undefined
  readonly userId?: string | undefined
  readonly sinceMs?: number | undefined
  readonly untilMs?: number | undefined
}

/** Newest first; `beforeSeq` comes from the page before. */
export const listAudit = (filter: AuditFilter, beforeSeq: number | null, signal?: AbortSignal) =>
  get({ path: '/api/audit', query: { ...filter, beforeSeq }, out: auditPage, signal })

/** One entry a line. Needs a fresh password. */
export const exportAudit = async () => (await getBytes('/api/audit/export', {})).blob()
