/**
 * `vedette backup` and `vedette restore`: the configuration into a file and back, also on a machine that has none yet.
 * The passphrase comes from standard input or the file that VEDETTE_BACKUP_PASSPHRASE_FILE names, never from an argument.
 */

import { randomBytes } from 'node:crypto'
import { constants, existsSync } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { dirname, isAbsolute, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { type KindChange, newPassphrase } from '@vedette/shared/backup.ts'
import { checkPassphrase } from '../app-backup.ts'
import { AuditLog } from '../audit/audit-log.ts'
import { tellUnendedRestore } from '../audit/restore-end.ts'
import { decryptDocument, maxArchiveBytes, tooLarge } from '../backup/age.ts'
import { makeBackup } from '../backup/make-backup.ts'
import { auditedPlan, changesIn, planRestore, restore } from '../backup/restore.ts'
import { type Config, callersDir } from '../config.ts'
import { takeControl } from '../control-lock.ts'
import { openDatabase } from '../db/database.ts'
import { openDefaultVolume } from '../default-volume.ts'
import { AppError } from '../lib/app-error.ts'
import { systemClock as clock } from '../lib/clock.ts'
import { silentLog as log } from '../lib/log.ts'
import { makeFolderPath } from '../lib/make-folder.ts'
import { harmless } from '../lib/readable-line.ts'
import { openKey, openKeyBeside } from '../secrets/key-check-store.ts'
import { readSecretFile } from '../secrets/read-secret-file.ts'
import { openInstalled, requireNobody } from './open-footage.ts'
import type { RunCommand } from './program.ts'

const who = { userId: null, username: '(command line)', address: '' } as const
const absolute = (path: string) => (isAbsolute(path) ? path : resolve(callersDir(), path))

/** Vedette may run meanwhile. A file that is there is not written over. */
export const backupCommand: RunCommand = async ({ config, say, answer }, _options, [file = '']) => {
  const path = absolute(file)
  const passphrase = newPassphrase.safeParse(await readPassphrase(config))
  if (!passphrase.success) throw new AppError('bad_request', 'The passphrase must have 12 to 1024 characters.')
  checkPassphrase(passphrase.data)
  const db = await openInstalled(config)
  try {
    const key = await openKeyBeside(db, config.keyPlace)
    const bytes = await makeBackup({ db, key, version: config.version }, passphrase.data, clock.nowMs())
    const audit = new AuditLog({ db, key, dataDir: config.dataDir, clock, log })
    await audit.write({ kind: 'backup.downloaded', ...who, object: path })
    await audit.close()
    await writeNew(path, bytes)
    say(`The configuration is in ${path} (${bytes.length} bytes). Only the passphrase opens it: keep that elsewhere.`)
    answer({ file: path, sizeBytes: bytes.length })
    return 0
  } finally {
    await db.destroy()
  }
}

/** With --dry-run it only tells what would change. */
export const restoreCommand: RunCommand = async ({ config, say, answer }, options, [file = '']) => {
  const isDryRun = options.dryRun === true
  if (isDryRun === (options.yes === true))
    throw new AppError('bad_request', 'Say --dry-run to look at what would change, or --yes to restore.')
  const bytes = await readArchive(absolute(file))
  const document = await decryptDocument(bytes, await readPassphrase(config))
  await using closing = new AsyncDisposableStack()
  const { db, key } = await openTarget(config, isDryRun, closing)
  // The rules of its volume are in the backup, the volume itself is this machine's.
  if (!isDryRun) await openDefaultVolume(db, config.footageDir, clock)
  const plan = await planRestore({ db, key }, document, undefined)
  const { madeMs, madeBy } = document
  say(`This backup was made on ${new Date(madeMs).toISOString()} by Vedette ${harmless(madeBy)}.`)
  // Nothing that stands in a backup begins a line: it could say that nothing changes.
  for (const line of inWords(plan.kinds)) say(harmless(line))
  for (const { about, name } of plan.warnings) say(harmless(warningWords[about](name)))
  if (!isDryRun) {
    const audit = new AuditLog({ db, key, dataDir: config.dataDir, clock, log })
    closing.defer(() => audit.close())
    await tellUnendedRestore(db, audit.write)
    const detail = auditedPlan(plan)
    await audit.write({ kind: 'backup.restore_begun', ...who, detail })
    const { stateHash } = plan
    await audit.change(
      (trx) => restore({ db: trx, key }, document, { stateHash, nowMs: clock.nowMs() }),
      () => ({ kind: 'backup.restored', ...who, detail }),
    )
  }
  const changes = changesIn(plan.kinds)
  say(changes === 0 ? 'Nothing differs.' : isDryRun ? 'Nothing was changed.' : `Restored: ${changes} changes.`)
  const { kinds, warnings, endsSessionsOf } = plan
  answer({ isDryRun, madeMs, madeBy, changes, kinds, warnings, endsSessionsOf })
  return 0
}

/** What is looked at or changed. A look at a machine that has no Vedette yet leaves nothing behind. */
async function openTarget(config: Config, isDryRun: boolean, closing: AsyncDisposableStack) {
  const { database } = config
  const isNew = database.kind === 'sqlite' && !existsSync(database.path)
  if (isNew && isDryRun) {
    const nothing = await openDatabase({ kind: 'sqlite', path: ':memory:' })
    closing.defer(() => nothing.destroy())
    return { db: nothing, key: randomBytes(32) }
  }
  await makeFolderPath(config.dataDir)
  await requireNobody(config)
  closing.defer(await takeControl(config.dataDir))
  const db = await openDatabase(database)
  closing.defer(() => db.destroy())
  return { db, key: await openKey(db, config.keyPlace) }
}

const warningWords = {
  new_admin: (name: string) => `! ${name} becomes an administrator.`,
  unknown_volume: (name: string) =>
    `! The volume ${name} is not here: a restore makes none, and its rules are left out.`,
  audit_log_cut: (name: string) =>
    `! The audit log here has no entry ${name} as the backup knows it: this is another installation, or the log was changed.`,
  you_are_removed: () => '',
  you_are_disabled: () => '',
  you_are_no_admin: () => '',
  your_password_changes: () => '',
}

/** A line for each thing that differs; of secrets only that they do. */
function inWords(kinds: readonly KindChange[]): string[] {
  return kinds.flatMap(({ kind, added, removed, changed }) => [
    `${kind}: ${added.length} added, ${changed.length} changed, ${removed.length} removed`,
    ...added.map((name) => `  + ${name}`),
    ...removed.map((name) => `  - ${name}`),
    ...changed.flatMap(({ name, fields }) => [
      `  ~ ${name || kind}`,
      ...fields.map(({ field, isSecret, before, after }) =>
        isSecret ? `      ${field}: changed` : `      ${field}: ${String(before)} → ${String(after)}`,
      ),
    ]),
  ])
}

async function readPassphrase(config: Config): Promise<string> {
  if (config.backupPassphraseFile !== undefined)
    return readSecretFile('VEDETTE_BACKUP_PASSPHRASE_FILE', config.backupPassphraseFile)
  if (process.stdin.isTTY) process.stderr.write('Passphrase (it is shown while you type): ')
  for await (const line of createInterface({ input: process.stdin })) return line.slice(0, 1024)
  throw new AppError(
    'bad_request',
    'Give the passphrase on standard input, or name a file that holds it with VEDETTE_BACKUP_PASSPHRASE_FILE.',
  )
}

async function readArchive(path: string): Promise<Uint8Array> {
  try {
    await using file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
    const facts = await file.stat()
    if (!facts.isFile()) throw new AppError('bad_request', `${path} is no file.`)
    if (facts.size > maxArchiveBytes) throw tooLarge()
    return await file.readFile()
  } catch (cause) {
    if (cause instanceof AppError) throw cause
    throw new AppError('not_found', `${path} cannot be read.`, { cause })
  }
}

/** As a whole or not at all; 0600. */
async function writeNew(path: string, bytes: Uint8Array): Promise<void> {
  const part = `${path}.part`
  const taken = await open(path, 'r').catch(() => undefined)
  await taken?.close()
  if (taken) throw new AppError('conflict', `${path} is there already. Give another name.`)
  try {
    await using file = await open(part, 'wx', 0o600)
    await file.writeFile(bytes)
    await file.sync()
    await rename(part, path)
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')) await rm(part, { force: true })
    throw new AppError('disk_failed', `${path} cannot be written. Check the folder and its disk.`, { cause })
  }
  await using folder = await open(dirname(path), constants.O_RDONLY | constants.O_DIRECTORY)
  await folder.sync()
}
