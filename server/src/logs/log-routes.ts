/** The log page's API. For administrators: records name cameras, users and addresses. */
import { arch, platform, release } from 'node:os'
import { Readable } from 'node:stream'
import type { WriteAudit } from '@vedette/shared/audit.ts'
import { logPage, logQuery } from '@vedette/shared/logs.ts'
import { actorOf } from '../http/actor.ts'
import type { Http } from '../http/http.ts'
import type { HoldAnswer } from '../http/open-answers.ts'
import { recordMatcher, showRecord } from './match-record.ts'
import { readAll, readBackwards, readForwards } from './read-log.ts'
import { sanitizer } from './sanitize.ts'

export interface LogDeps {
  /** Where the log's files lie. */
  readonly folder: string
  readonly version: string
  readonly audit: WriteAudit
  /** Ends a long answer with its session. */
  readonly hold: HoldAnswer
}

export function logRoutes(http: Http, { folder, version, audit, hold }: LogDeps): void {
  http.get(
    '/api/logs',
    { config: { access: { kind: 'admin' } }, schema: { querystring: logQuery, response: { 200: logPage } } },
    async ({ query }) => {
      const options = { folder, limit: query.limit, isWanted: recordMatcher(query) }
      if (query.after !== undefined) {
        const { lines, next } = await readForwards(options, query.after)
        return { records: lines.map(showRecord), before: null, after: next }
      }
      // First where the end is: what is written meanwhile comes twice rather than never.
      const end = await readForwards(options)
      const { lines, next } = await readBackwards(options, query.before)
      return { records: lines.map(showRecord), before: next, after: end.next }
    },
  )

  http.get('/api/logs/bundle', { config: { access: { kind: 'admin', fresh: true } } }, async (request, reply) => {
    await audit({ kind: 'logs.downloaded', ...actorOf(request) })
    hold(request, reply)
    return reply
      .type('application/x-ndjson; charset=utf-8')
      .header('content-disposition', 'attachment; filename="vedette-log.ndjson"')
      .send(Readable.from(bundle(folder, version)))
  })
}

async function* bundle(folder: string, version: string): AsyncGenerator<string> {
  const clean = sanitizer()
  yield `${JSON.stringify({ vedette: version, node: process.version, platform: `${platform()} ${release()} ${arch()}` })}\n`
  for await (const line of readAll(folder)) yield `${clean(line)}\n`
}
