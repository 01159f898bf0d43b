/** Backups over the API: administrators only, with a fresh password wherever secrets leave, come in or are lost. */
import { Readable } from 'node:stream'
import type { WriteAudit } from '@vedette/shared/audit.ts'
import {
  automaticBackup,
  automaticChange,
  type BackupView,
  backupState,
  backupView,
  confirmRestore,
  exportRequest,
  planRequest,
  restoreDone,
  restorePlan,
  uploadedBackup,
} from '@vedette/shared/backup.ts'
import { id } from '@vedette/shared/id.ts'
import { z } from 'zod'
import type { AuditedChange } from '../db/in-transaction.ts'
import { actorOf } from '../http/actor.ts'
import type { Http, HttpReply } from '../http/http.ts'
import { AppError } from '../lib/app-error.ts'
import { changedFields } from '../lib/changed-fields.ts'
import type { Clock } from '../lib/clock.ts'
import { maxArchiveBytes, tooLarge } from './age.ts'
import type { AutomaticBackup } from './automatic-backup.ts'
import { getBackup, listBackups, readBackup, removeBackup } from './backup-folder.ts'
import { readBackupSettings, readPassphrase, writeBackupSettings, writePassphrase } from './backup-settings-store.ts'
import { type BackupSource, makeBackup } from './make-backup.ts'
import type { PendingRestore } from './pending-restore.ts'
import { auditedPlan, changesIn, countsOf, type Restored } from './restore.ts'
import { type SetupForRestore, setupRestoreRoutes } from './setup-restore-routes.ts'

export interface BackupDeps extends BackupSource {
  readonly clock: Clock
  readonly audit: WriteAudit
  readonly change: AuditedChange
  readonly automatic: AutomaticBackup
  readonly pending: PendingRestore
  readonly setup: SetupForRestore
  /** Throws where a passphrase is one of those that are tried first. */
  readonly checkPassphrase: (passphrase: string) => void
  /** Has recorder and pages take over what a restore changed. */
  readonly onRestored: (restored: Restored) => Promise<void>
}

const params = z.strictObject({ id })
const admin = { kind: 'admin' } as const
const fresh = { kind: 'admin', fresh: true } as const
export const uploadType = 'application/octet-stream'
/** The request itself, which the handler reads and bounds. */
export const upload = z.instanceof(Readable, { error: `send the file as ${uploadType}` })

export function backupRoutes(http: Http, deps: BackupDeps): void {
  const { key, clock, audit, change, automatic } = deps
  restoreRoutes(http, deps)
  setupRestoreRoutes(http, deps)

  http.get('/api/backups', { config: { access: admin }, schema: { response: { 200: backupState } } }, async () => ({
    automatic: await automatic.view(),
    backups: (await listBackups(automatic.folder)).map(toView),
  }))

  http.patch(
    '/api/backups/automatic',
    { config: { access: fresh }, schema: { body: automaticChange, response: { 200: automaticBackup } } },
    async (request) => {
      const { passphrase, ...given } = request.body
      if (passphrase !== undefined) deps.checkPassphrase(passphrase)
      await change(
        async (trx) => {
          const before = await readBackupSettings(trx)
          const after = {
            isOn: given.isOn ?? before.isOn,
            everyHours: given.everyHours ?? before.everyHours,
            keep: given.keep ?? before.keep,
          }
          await writeBackupSettings(trx, after)
          if (passphrase !== undefined) await writePassphrase(trx, key, passphrase)
          return { ...changedFields(before, after), ...(passphrase !== undefined && { passphrase: 'changed' }) }
        },
        (detail) => ({ kind: 'backup.settings_changed', ...actorOf(request), detail }),
      )
      automatic.settingsChanged()
      return automatic.view()
    },
  )

  http.post(
    '/api/backups',
    { config: { access: admin }, schema: { body: z.strictObject({}), response: { 201: backupView } } },
    async (request, reply) => {
      const made = await automatic.makeNow()
      let isTold = false
      try {
        await audit({ kind: 'backup.made', ...actorOf(request), object: `backup ${made.id}` })
        isTold = true
      } finally {
        if (!isTold) await removeBackup(automatic.folder, await getBackup(automatic.folder, made.id))
      }
      return reply.status(201).send(made)
    },
  )

  http.post(
    '/api/backups/export',
    { config: { access: fresh }, schema: { body: exportRequest } },
    async (request, reply) => {
      deps.checkPassphrase(request.body.passphrase)
      const nowMs = clock.nowMs()
      const bytes = await makeBackup(deps, request.body.passphrase, nowMs)
      await audit({ kind: 'backup.downloaded', ...actorOf(request), detail: { made: 'by hand' } })
      return sendFile(reply, `vedette-${new Date(nowMs).toISOString().slice(0, 10)}.age`, bytes)
    },
  )

  http.get('/api/backups/:id/file', { config: { access: fresh }, schema: { params } }, async (request, reply) => {
    const { name } = await getBackup(automatic.folder, request.params.id)
    const bytes = await readBackup(automatic.folder, request.params.id)
    await audit({ kind: 'backup.downloaded', ...actorOf(request), object: `backup ${request.params.id}` })
    return sendFile(reply, name, bytes)
  })

  http.delete(
    '/api/backups/:id',
    { config: { access: fresh }, schema: { params, response: { 200: z.strictObject({}) } } },
    async (request) => {
      const file = await getBackup(automatic.folder, request.params.id)
      const detail = { madeMs: file.madeMs, by: file.by }
      await audit({ kind: 'backup.deleted', ...actorOf(request), object: `backup ${file.id}`, detail })
      await removeBackup(automatic.folder, file)
      return {}
    },
  )
}

/** Upload, look, confirm: three steps, so that what is confirmed is what was shown. */
function restoreRoutes(http: Http, deps: BackupDeps): void {
  const { db, key, audit, change, automatic, pending } = deps
  // Handed on as it comes in; only routes that declare an upload take it (http/prove-origin.ts).
  http.addContentTypeParser(uploadType, (_request, payload, done) => done(null, payload))

  http.post(
    '/api/restore/uploads',
    { config: { access: fresh, upload: uploadType }, schema: { body: upload, response: { 201: uploadedBackup } } },
    async (request, reply) => {
      if (Number(request.headers['content-length'] ?? 0) > maxArchiveBytes) throw tooLarge()
      const taken = await pending.receive(request.body, request.caller, request.askAgain)
      return reply.status(201).send(taken)
    },
  )

  http.post(
    '/api/restore/plans',
    { config: { access: fresh }, schema: { body: planRequest, response: { 200: restorePlan } } },
    async (request) => {
      const { from } = request.body
      const bytes =
        'upload' in from
          ? pending.uploaded(from.upload, request.caller)
          : await readBackup(automatic.folder, from.backup, maxArchiveBytes)
      const stored = 'backup' in from ? await readPassphrase(db, key) : null
      const passphrase = request.body.passphrase ?? stored
      if (passphrase === null)
        throw new AppError('bad_request', 'Give the passphrase of this backup.', { field: 'passphrase' })
      return pending.plan(bytes, passphrase, request.caller)
    },
  )

  http.post(
    '/api/restore/plans/:id/confirm',
    { config: { access: fresh }, schema: { params, body: confirmRestore, response: { 200: restoreDone } } },
    async (request) => {
      const planned = pending.planned(request.params.id, request.caller, request.body.acceptLockOut)
      const who = actorOf(request)
      // Told before, too: it may take a while. How it ended is told in its own transaction, or by the next start (restore-end.ts).
      await audit({ kind: 'backup.restore_begun', ...who, detail: auditedPlan(planned) })
      let restored: Restored | undefined
      try {
        restored = await change(
          (trx) => pending.carryOut(request.params.id, request.caller, trx),
          ({ kinds }) => ({ kind: 'backup.restored', ...who, detail: countsOf(kinds) }),
        )
      } finally {
        if (!restored) await audit({ kind: 'backup.restore_not_done', ...who })
      }
      pending.dropPlan()
      automatic.settingsChanged()
      await deps.onRestored(restored)
      return { changes: changesIn(restored.kinds), isSignedOut: planned.signsYouOut }
    },
  )
}

function sendFile(reply: HttpReply, name: string, bytes: Uint8Array) {
  return reply
    .type(uploadType)
    .header('content-disposition', `attachment; filename="${name}"`)
    .send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
}

const toView = ({ id: backupId, madeMs, sizeBytes, by }: BackupView): BackupView => ({
  id: backupId,
  madeMs,
  sizeBytes,
  by,
})
