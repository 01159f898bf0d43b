/** Backups of the configuration over the API: their list, the automatic one, and restoring, which is looked at before it is done. */
import { z } from 'zod'
import { id, timeMs } from './id.ts'

/** What may be uploaded, and what a backup may hold before it is encrypted. */
export const maxBackupBytes = 16 * 1024 * 1024

/** It is what protects a file that leaves the machine: as long as a password. */
export const newPassphrase = z.string().min(12).max(1024)

/** A file in the folder of backups. `automatic`: it makes room for newer ones. */
export const backupView = z.strictObject({
  id,
  madeMs: timeMs,
  sizeBytes: z.number(),
  by: z.enum(['automatic', 'hand']),
})
export type BackupView = z.infer<typeof backupView>

/** The daily backup. Without a passphrase it is off whatever `isOn` says. */
export const automaticBackup = z.strictObject({
  isOn: z.boolean(),
  hasPassphrase: z.boolean(),
  everyHours: z.number().int().min(1).max(720),
  /** Automatic ones beyond this number are deleted, the oldest first. */
  keep: z.number().int().min(1).max(100),
  folder: z.string(),
  nextMs: timeMs.nullable(),
  /** Why the last one failed, in a sentence. */
  problem: z.string().nullable(),
})
export type AutomaticBackup = z.infer<typeof automaticBackup>

/** GET /api/backups */
export const backupState = z.strictObject({ automatic: automaticBackup, backups: z.array(backupView) })
export type BackupState = z.infer<typeof backupState>

/** PATCH /api/backups/automatic. The passphrase is stored sealed and never shown again. */
export const automaticChange = z.strictObject({
  isOn: z.boolean().optional(),
  passphrase: newPassphrase.optional(),
  everyHours: automaticBackup.shape.everyHours.optional(),
  keep: automaticBackup.shape.keep.optional(),
})
export type AutomaticChange = z.infer<typeof automaticChange>

/** POST /api/backups/export: answers the file itself. */
export const exportRequest = z.strictObject({ passphrase: newPassphrase })

/** Answer of POST /api/restore/uploads (the file as application/octet-stream). It is kept for fifteen minutes, one at a time. */
export const uploadedBackup = z.strictObject({ id, sizeBytes: z.number() })

/** POST /api/restore/plans: what a restore would change. A listed backup is opened with the stored passphrase unless one is given. */
export const planRequest = z.strictObject({
  from: z.union([z.strictObject({ upload: id }), z.strictObject({ backup: id })]),
  passphrase: z.string().min(1).max(1024).optional(),
})

export const backupKind = z.enum(['users', 'roles', 'groups', 'cameras', 'tokens', 'volumes', 'settings'])
export type BackupKind = z.infer<typeof backupKind>

const shownValue = z.union([z.string(), z.number(), z.boolean(), z.null()])
export type ShownValue = z.infer<typeof shownValue>

/** One field of a change; a secret is named, never shown (both null). */
export const fieldChange = z.strictObject({
  field: z.string(),
  isSecret: z.boolean(),
  before: shownValue,
  after: shownValue,
})
export const kindChange = z.strictObject({
  kind: backupKind,
  /** How many there are now, and how many afterwards. */
  before: z.number().int(),
  after: z.number().int(),
  added: z.array(z.string()),
  removed: z.array(z.string()),
  changed: z.array(z.strictObject({ name: z.string(), fields: z.array(fieldChange) })),
})
export type KindChange = z.infer<typeof kindChange>

/** Things a person should know before agreeing; the page has the words, `name` says whom or what it is about. */
export const restoreWarning = z.strictObject({
  about: z.enum([
    'new_admin',
    'you_are_removed',
    'you_are_disabled',
    'you_are_no_admin',
    'your_password_changes',
    'unknown_volume',
    'audit_log_cut',
  ]),
  name: z.string(),
})
export type RestoreWarning = z.infer<typeof restoreWarning>

/** What confirming `id` within fifteen minutes does, and nothing else. `kinds` without changes are left out. */
export const restorePlan = z.strictObject({
  id,
  madeMs: timeMs,
  /** Version of the program that made the backup. */
  madeBy: z.string(),
  untilMs: timeMs,
  kinds: z.array(kindChange),
  warnings: z.array(restoreWarning),
  /** Users whose sessions end. */
  endsSessionsOf: z.array(z.string()),
  /** You cannot go on with this account afterwards. */
  locksYouOut: z.boolean(),
  /** Your account changes: you sign in again afterwards, where you can. */
  signsYouOut: z.boolean(),
})
export type RestorePlan = z.infer<typeof restorePlan>

/** POST /api/restore/plans/:id/confirm; `acceptLockOut` where the plan says that it locks you out. */
export const confirmRestore = z.strictObject({ acceptLockOut: z.boolean().default(false) })
export const restoreDone = z.strictObject({ changes: z.number().int(), isSignedOut: z.boolean() })
export type RestoreDone = z.infer<typeof restoreDone>

/** Carries the one-time code where the body is the file: POST /api/setup/restore/uploads. */
export const setupCodeHeader = 'x-vedette-setup-code'
/** POST /api/setup/restore/plans: restoring instead of making the first administrator. */
export const setupPlanRequest = z.strictObject({
  code: z.string().max(100),
  upload: id,
  passphrase: z.string().min(1).max(1024),
})
/** POST /api/setup/restore/plans/:id/confirm. */
export const setupConfirmRequest = z.strictObject({ code: z.string().max(100) })
