/**
 * Restoring instead of making the first administrator: for a new machine, with the one-time code of set-up in every step.
 * The same three steps as an administrator's restore, in backup-routes.ts; afterwards set-up is over.
 */
import {
  restoreDone,
  restorePlan,
  setupCodeHeader,
  setupConfirmRequest,
  setupPlanRequest,
  uploadedBackup,
} from '@vedette/shared/backup.ts'
import { id } from '@vedette/shared/id.ts'
import { z } from 'zod'
import type { Http, HttpRequest } from '../http/http.ts'
import { maxArchiveBytes, tooLarge } from './age.ts'
import { type BackupDeps, upload, uploadType } from './backup-routes.ts'
import { auditedPlan, changesIn, countsOf, type Restored } from './restore.ts'

/** Handed over by auth/setup-door.ts. */
export interface SetupForRestore {
  /** Throws where set-up is over or the code is wrong. */
  readonly requireCode: (request: HttpRequest, code: string) => Promise<void>
  readonly close: () => void
}

export function setupRestoreRoutes(http: Http, deps: BackupDeps): void {
  const { audit, change, pending, setup } = deps
  const access = { kind: 'public' } as const

  http.post(
    '/api/setup/restore/uploads',
    { config: { access, upload: uploadType }, schema: { body: upload, response: { 201: uploadedBackup } } },
    async (request, reply) => {
      // Before a byte of the file is taken.
      const askCode = () => setup.requireCode(request, String(request.headers[setupCodeHeader] ?? ''))
      await askCode()
      if (Number(request.headers['content-length'] ?? 0) > maxArchiveBytes) throw tooLarge()
      return reply.status(201).send(await pending.receive(request.body, undefined, askCode))
    },
  )

  http.post(
    '/api/setup/restore/plans',
    { config: { access }, schema: { body: setupPlanRequest, response: { 200: restorePlan } } },
    async (request) => {
      const { code, upload: uploadId, passphrase } = request.body
      await setup.requireCode(request, code)
      const plan = await pending.plan(pending.uploaded(uploadId, undefined), passphrase, undefined)
      // A new machine's log is another one by nature.
      return { ...plan, warnings: plan.warnings.filter(({ about }) => about !== 'audit_log_cut') }
    },
  )

  http.post(
    '/api/setup/restore/plans/:id/confirm',
    {
      config: { access },
      schema: { params: z.strictObject({ id }), body: setupConfirmRequest, response: { 200: restoreDone } },
    },
    async (request) => {
      await setup.requireCode(request, request.body.code)
      const planned = pending.planned(request.params.id, undefined, false)
      const who = { userId: null, username: '(set-up)', address: request.ip }
      await audit({ kind: 'backup.restore_begun', ...who, detail: auditedPlan(planned) })
      let restored: Restored | undefined
      try {
        // Bound to a state without users: where an administrator was made meanwhile, it is a conflict.
        restored = await change(
          (trx) => pending.carryOut(request.params.id, undefined, trx),
          ({ kinds }) => ({ kind: 'backup.restored', ...who, detail: countsOf(kinds) }),
        )
      } finally {
        if (!restored) await audit({ kind: 'backup.restore_not_done', ...who })
      }
      setup.close()
      pending.dropPlan()
      deps.automatic.settingsChanged()
      await deps.onRestored(restored)
      return { changes: changesIn(restored.kinds), isSignedOut: true }
    },
  )
}
