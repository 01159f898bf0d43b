/** The audit log in the database. Adding is all that can be done; the tables' triggers refuse the rest. */
import { randomBytes } from 'node:crypto'
import { type AuditEntry, type AuditKind, type AuditQuery, type AuditView, auditView } from '@vedette/shared/audit.ts'
import type { Db } from '../db/database.ts'
import type { AuditTable } from '../db/tables.ts'
import { seal, unseal } from '../lib/seal.ts'
import { chainStart, hashEntry } from './audit-hash.ts'
import type { SeenEnd } from './audit-head.ts'
import { noteOfBreak } from './noted-break.ts'

const keySetting = 'audit_key'
const placeOfKey = `setting.value.${keySetting}` as const

/** The chain's own key, sealed with the installation's: rotating that one leaves the chain whole. Made when first asked for. */
export async function openAuditKey(db: Db, installationKey: Buffer): Promise<Buffer> {
  await db
    .insertInto('setting')
    .values({ key: keySetting, value: seal(installationKey, placeOfKey, randomBytes(32).toString('base64')) })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .execute()
  const { value } = await db
    .selectFrom('setting')
    .select('value')
    .where('key', '=', keySetting)
    .executeTakeFirstOrThrow()
  return Buffer.from(unseal(installationKey, placeOfKey, value), 'base64')
}

export interface ChainEnd {
  readonly seq: number
  readonly hash: string
}

export interface Append {
  readonly key: Buffer
  readonly nowMs: number
  /**
   * Where the log was last seen to end. Where that is no more, an entry that says so comes first: with the next end, nothing else
   * would tell. Undefined: nothing is known.
   */
  readonly seen: SeenEnd | undefined
}

/** Adds an entry behind the last one. Throws when another program added one at the same time: try again. */
export async function appendEntry(db: Db, entry: AuditEntry, append: Append): Promise<ChainEnd> {
  return db.transaction().execute((trx) => appendWithin(trx, entry, append))
}

/** The same within a transaction of the caller: the entry is there if, and only if, what it tells of is. */
export async function appendWithin(trx: Db, entry: AuditEntry, { key, nowMs, seen }: Append): Promise<ChainEnd> {
  const found = await trx.selectFrom('audit').select(['seq', 'hash']).orderBy('seq', 'desc').limit(1).executeTakeFirst()
  const last = found && { seq: Number(found.seq), hash: found.hash }
  const note = noteOfBreak(seen, last)
  return addRow(trx, key, note ? await addRow(trx, key, last, note, nowMs) : last, entry, nowMs)
}

async function addRow(
  trx: Db,
  key: Buffer,
  last: ChainEnd | undefined,
  entry: AuditEntry,
  nowMs: number,
): Promise<ChainEnd> {
  const row = {
    seq: (last?.seq ?? 0) + 1,
    at_ms: nowMs,
    kind: entry.kind,
    user_id: entry.userId,
    username: entry.username.slice(0, 200),
    address: entry.address.slice(0, 64),
    object: (entry.object ?? '').slice(0, 300),
    detail: JSON.stringify(entry.detail ?? {}),
  }
  const hash = hashEntry(key, last?.hash ?? chainStart, row)
  await trx
    .insertInto('audit')
    .values({ ...row, hash })
    .execute()
  return { seq: row.seq, hash }
}

/** Newest first. */
export async function listEntries(db: Db, query: AuditQuery): Promise<AuditView[]> {
  let select = db.selectFrom('audit').selectAll().orderBy('seq', 'desc').limit(query.limit)
  if (query.beforeSeq !== undefined) select = select.where('seq', '<', query.beforeSeq)
  if (query.kind !== undefined) select = select.where('kind', '=', query.kind)
  if (query.userId !== undefined) select = select.where('user_id', '=', query.userId)
  if (query.cameraId !== undefined) select = select.where('object', '=', `camera ${query.cameraId}`)
  if (query.sinceMs !== undefined) select = select.where('at_ms', '>=', query.sinceMs)
  if (query.untilMs !== undefined) select = select.where('at_ms', '<', query.untilMs)
  return (await select.execute()).map(toView)
}

/** The kind of the newest entry of one of these kinds. */
export async function findLastKind(db: Db, kinds: readonly AuditKind[]): Promise<string | undefined> {
  const newest = db.selectFrom('audit').select('kind').where('kind', 'in', kinds).orderBy('seq', 'desc')
  return (await newest.limit(1).executeTakeFirst())?.kind
}

export async function hasEntries(db: Db): Promise<boolean> {
  return (await db.selectFrom('audit').select('seq').limit(1).executeTakeFirst()) !== undefined
}

export async function hasUsers(db: Db): Promise<boolean> {
  return (await db.selectFrom('user').select('id').limit(1).executeTakeFirst()) !== undefined
}

/** Every entry, oldest first, a thousand at a time: for export and verification. */
export async function* readEntries(db: Db): AsyncGenerator<AuditTable> {
  for (let after = 0; ; ) {
    const rows = await db.selectFrom('audit').selectAll().where('seq', '>', after).orderBy('seq').limit(1000).execute()
    yield* rows
    const last = rows.at(-1)
    if (!last) return
    after = Number(last.seq)
  }
}

export const toView = (row: AuditTable): AuditView =>
  auditView.parse({
    seq: Number(row.seq),
    atMs: Number(row.at_ms),
    kind: row.kind,
    userId: row.user_id,
    username: row.username,
    address: row.address,
    object: row.object,
    detail: JSON.parse(row.detail),
    hash: row.hash,
  })
