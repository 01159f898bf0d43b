/** Backups, joined with the rooms: the automatic one, a restore on its way, and what a restore makes known to recorder and pages. */
import type { WriteAudit } from '@vedette/shared/audit.ts'
import { isCommonPassword } from './auth/common-password.ts'
import { AutomaticBackup } from './backup/automatic-backup.ts'
import type { BackupDeps } from './backup/backup-routes.ts'
import { PendingRestore } from './backup/pending-restore.ts'
import type { Config } from './config.ts'
import type { Db } from './db/database.ts'
import { AppError } from './lib/app-error.ts'
import type { Clock } from './lib/clock.ts'
import type { Log } from './lib/log.ts'

export interface AppBackupOptions {
  readonly config: Pick<Config, 'backupDir' | 'version'> & { readonly workFactor?: number }
  readonly db: Db
  readonly key: Buffer
  readonly clock: Clock
  readonly log: Log
  readonly audit: WriteAudit
  /** The recorder takes over the cameras as they are now; `removed` are out of sight. */
  readonly onCameras: (removed: readonly string[]) => Promise<void>
  /** Rules of volumes may be others. */
  readonly onRules: () => void
}

export interface AppBackup {
  readonly automatic: AutomaticBackup
  /** Until the signal aborts. */
  run(signal: AbortSignal): Promise<void>
  readonly routes: Pick<
    BackupDeps,
    'version' | 'workFactor' | 'automatic' | 'pending' | 'checkPassphrase' | 'onRestored'
  >
}

export function openBackups(options: AppBackupOptions): AppBackup {
  const { config, db, key, clock, log, audit } = options
  const itself = { userId: null, username: '(automatic)', address: '' }
  const source = { version: config.version, ...(config.workFactor && { workFactor: config.workFactor }) }
  const automatic = new AutomaticBackup({
    db,
    key,
    ...source,
    folder: config.backupDir,
    clock,
    log,
    onMade: async ({ id, by }) => {
      if (by === 'automatic') await audit({ kind: 'backup.made', ...itself, object: `backup ${id}` })
    },
    onFailed: (problem) => audit({ kind: 'backup.not_made', ...itself, detail: { problem } }),
  })
  const pending = new PendingRestore({ db, key }, clock)
  return {
    automatic,
    run: async (signal) => {
      await Promise.all([automatic.run(signal), pending.run(signal)])
    },
    routes: {
      ...source,
      automatic,
      pending,
      checkPassphrase,
      onRestored: async ({ changesCameras, removedCameras }) => {
        log.info('the configuration was restored from a backup')
        if (changesCameras) await options.onCameras(removedCameras)
        options.onRules()
      },
    },
  }
}

/** A backup may be tried out offline, at any speed: what people try first is refused as it is for passwords. */
export function checkPassphrase(passphrase: string): void {
  if (isCommonPassword(passphrase))
    throw new AppError('bad_request', 'This passphrase is among the first that are tried. Choose another one.', {
      field: 'passphrase',
    })
}
