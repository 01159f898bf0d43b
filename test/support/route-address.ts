/** Addresses to ask each route of an access house at, with somebody's object in them. */
import { newId } from '../../server/src/lib/new-id.ts'
import type { Named } from '../access-table.data.ts'
import type { AccessHouse } from './access-house.ts'
import { segmentStartMs } from './segment-bytes.ts'

/** An id of nothing. */
export const missing = newId(0)
const span = `startMs=${segmentStartMs}&endMs=${segmentStartMs + 4000}`
/** Queries that a route needs to answer at all, by the end of its path. */
export const queries: Record<string, string> = {
  parts: span,
  playback: span,
  'playback.m3u8': span,
  previews: `fromMs=${segmentStartMs}&toMs=${segmentStartMs + 4000}`,
  'snapshot.jpg': `atMs=${segmentStartMs + 1000}`,
  timeline: `fromMs=${segmentStartMs}&toMs=${segmentStartMs + 4000}`,
}

/** The address of a route ('GET /api/…/:id') with an object in it. */
export function addressOf(route: string, named: Named, from: AccessHouse): string {
  const path = route.slice(route.indexOf(' ') + 1)
  const kind = /^\/api\/(?:me\/|setup\/restore\/)?([a-z]+)s\//.exec(path)?.[1] ?? ''
  const side = named === 'ofA' ? from.a : from.b
  const own: Record<string, string> = { ...side, role: from.role, volume: from.volume, passkey: missing, plan: missing }
  const id = named === 'missing' ? missing : (own[kind] ?? `no-${kind}`)
  const sessionId = named === 'missing' ? missing : side.session
  const query = queries[path.split('/').at(-1) ?? '']
  return `${path.replace(':id', id).replace(':sessionId', sessionId).replace(':ms', String(segmentStartMs))}${query ? `?${query}` : ''}`
}
