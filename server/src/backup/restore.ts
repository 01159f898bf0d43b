/**
 * Restoring: what it would do, and doing exactly that. The plan is bound to the state that it was made for; where that changed
 * meanwhile nothing is done. One transaction: after a crash the configuration is the old one or the new one.
 */
import { createHash } from 'node:crypto'
import type { KindChange, RestoreWarning } from '@vedette/shared/backup.ts'
import type { Db } from '../db/database.ts'
import { inTransaction } from '../db/in-transaction.ts'
import { AppError } from '../lib/app-error.ts'
import type { BackupDocument, Configuration } from './backup-document.ts'
import { canonicalJson } from './canonical-json.ts'
import { changedIds, compareFacts } from './compare-facts.ts'
import { type Facts, factsOf } from './configuration-facts.ts'
import { letOthersGoOn } from './let-others-go-on.ts'
import { type Actor, locksOut, planConfiguration, warningsOf } from './plan-configuration.ts'
import { hasAuditEntry, readConfiguration } from './read-configuration-store.ts'
import { endSessionsOf, lockConfiguration, writeConfiguration } from './write-configuration-store.ts'

export interface RestoreSource {
  readonly db: Db
  /** The installation's key. */
  readonly key: Buffer
}

export interface PlannedRestore {
  readonly kinds: readonly KindChange[]
  readonly warnings: readonly RestoreWarning[]
  readonly endsSessionsOf: readonly string[]
  readonly locksYouOut: boolean
  /** The actor's own account changes, so their session ends with it. */
  readonly signsYouOut: boolean
  /** Of what a restore may change: another one means that the plan is out of date. */
  readonly stateHash: string
}

export interface Restored {
  readonly kinds: readonly KindChange[]
  /** Whether cameras were added, changed or removed. */
  readonly changesCameras: boolean
  readonly removedCameras: readonly string[]
}

/** Changes nothing. `actor` undefined: the command line. */
export async function planRestore(
  { db, key }: RestoreSource,
  document: BackupDocument,
  actor: Actor | undefined,
): Promise<PlannedRestore> {
  const { here, knowsLog } = await db.transaction().execute(async (trx) => ({
    here: await readConfiguration(trx, key),
    // A new installation has a log of its own, and nothing is wrong with that.
    knowsLog: document.auditEnd === null || (await hasAuditEntry(trx, document.auditEnd)),
  }))
  const { before, after } = await lookAhead(here, document)
  const changed = changedIds(before.users, after.users)
  const warnings = warningsOf(here, document.configuration, actor)
  return {
    kinds: compareFacts(before, after),
    warnings: knowsLog ? warnings : [...warnings, { about: 'audit_log_cut', name: String(document.auditEnd?.seq) }],
    endsSessionsOf: here.users.filter(({ id }) => changed.has(id)).map(({ username }) => username),
    locksYouOut: actor !== undefined && locksOut(document.configuration, actor),
    signsYouOut: actor !== undefined && changed.has(actor.userId),
    stateHash: hashOf(before),
  }
}

export interface RestoreOptions {
  /** Of the plan that was agreed to; undefined: whatever the state is. */
  readonly stateHash: string | undefined
  readonly nowMs: number
  /** Called inside the transaction, before it is committed. */
  readonly beforeCommit?: (trx: Db) => Promise<void>
}

/** Throws conflict where the state is another one than that of the plan. Whatever is thrown, nothing was changed. */
export async function restore(
  { db, key }: RestoreSource,
  document: BackupDocument,
  { stateHash, nowMs, beforeCommit }: RestoreOptions,
): Promise<Restored> {
  return inTransaction(db, async (trx) => {
    await lockConfiguration(trx)
    const here = await readConfiguration(trx, key)
    const { target, before, after } = await lookAhead(here, document)
    if (stateHash !== undefined && hashOf(before) !== stateHash)
      throw new AppError('conflict', 'Something was changed since you looked at this restore. Look at it again.')
    await writeConfiguration({ trx, key, nowMs }, here, target)
    await letOthersGoOn()
    // What is there now is what was agreed to, or nothing is changed at all.
    const found = await readConfiguration(trx, key)
    for (const part of keysOf(target)) {
      await letOthersGoOn()
      if (canonicalJson(found[part]) !== canonicalJson(target[part]))
        throw new Error(`the restored ${part} are not those in the backup`)
    }
    // Whoever restores is no exception: with a backup of their own making a stolen session would change their password and go on (R4).
    await endSessionsOf(trx, changedIds(before.users, after.users))
    await beforeCommit?.(trx)
    const cameras = new Set(target.cameras.map(({ id }) => id))
    return {
      kinds: compareFacts(before, after),
      changesCameras: changedIds(before.cameras, after.cameras).size > 0,
      removedCameras: here.cameras.filter(({ id }) => !cameras.has(id)).map(({ id }) => id),
    }
  })
}

/** The configuration that a restore leads to, and both as facts. */
async function lookAhead(here: Configuration, document: BackupDocument) {
  await letOthersGoOn()
  const target = planConfiguration(here, document.configuration)
  await letOthersGoOn()
  const before = factsOf(here)
  await letOthersGoOn()
  const after = factsOf(target)
  await letOthersGoOn()
  return { target, before, after }
}

const keysOf = (given: Configuration) => Object.keys(given) as (keyof Configuration)[]
/** Facts are made in one order, so the same ones are the same text. */
const hashOf = (before: Facts) => createHash('sha256').update(JSON.stringify(before)).digest('hex')

/** For the audit log: how many of each kind there were and are, and how many were added, changed and removed. */
export function countsOf(kinds: readonly KindChange[]): Record<string, unknown> {
  const counts = (of: 'before' | 'after') => Object.fromEntries(kinds.map((one) => [one.kind, one[of]]))
  return {
    before: counts('before'),
    after: counts('after'),
    changes: Object.fromEntries(
      kinds.map(({ kind, added, changed, removed }) => [
        kind,
        { added: added.length, changed: changed.length, removed: removed.length },
      ]),
    ),
  }
}

const maxNamed = 20

/** The same for the entry before it, which also says who becomes an administrator. */
export function auditedPlan({ kinds, warnings }: PlannedRestore): Record<string, unknown> {
  const names = warnings.filter(({ about }) => about === 'new_admin').map(({ name }) => name)
  return { ...countsOf(kinds), ...(names.length > 0 && { newAdministrators: names.slice(0, maxNamed) }) }
}

export const changesIn = (kinds: readonly KindChange[]) =>
  kinds.reduce((sum, { added, changed, removed }) => sum + added.length + changed.length + removed.length, 0)
