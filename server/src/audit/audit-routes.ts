/** The audit log over the API: pages for administrators, and the whole of it as lines of JSON. */
import { Readable } from 'node:stream'
import { auditPage, auditQuery, auditVerdict, type WriteAudit } from '@vedette/shared/audit.ts'
import type { Db } from '../db/database.ts'
import { actorOf } from '../http/actor.ts'
import type { Http } from '../http/http.ts'
import type { HoldAnswer } from '../http/open-answers.ts'
import type { AuditLog } from './audit-log.ts'
import { listEntries, readEntries, toView } from './audit-store.ts'

export interface AuditDeps {
  readonly db: Db
  readonly audit: WriteAudit
  /** Ends a long answer with its session. */
  readonly hold: HoldAnswer
  readonly log: Pick<AuditLog, 'verify' | 'tellRefusals'>
}

export function auditRoutes(http: Http, { db, audit, hold, log }: AuditDeps): void {
  http.get(
    '/api/audit',
    { config: { access: { kind: 'admin' } }, schema: { querystring: auditQuery, response: { 200: auditPage } } },
    async (request) => {
      await log.tellRefusals({ now: true })
      const entries = await listEntries(db, request.query)
      const last = entries.at(-1)
      return {
        entries,
        nextBeforeSeq: last && entries.length === request.query.limit && last.seq > 1 ? last.seq : null,
      }
    },
  )

  http.post(
    '/api/audit/verify',
    { config: { access: { kind: 'admin' } }, schema: { response: { 200: auditVerdict } } },
    async (request) => {
      const { entries, problems } = await log.verify()
      await audit({ kind: 'audit.verified', ...actorOf(request), detail: { entries, problems: problems.length } })
      return { entries, problems: [...problems] }
    },
  )

  http.get('/api/audit/export', { config: { access: { kind: 'admin', fresh: true } } }, async (request, reply) => {
    await audit({ kind: 'audit.exported', ...actorOf(request) })
    hold(request, reply)
    return reply
      .type('application/x-ndjson; charset=utf-8')
      .header('content-disposition', 'attachment; filename="vedette-audit.ndjson"')
      .send(Readable.from(auditLines(db)))
  })
}

/** One entry a line, oldest first. */
export async function* auditLines(db: Db): AsyncGenerator<string> {
  for await (const row of readEntries(db)) yield `${JSON.stringify(toView(row))}\n`
}
