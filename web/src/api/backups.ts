/** Backups of the configuration: the list, the automatic one, files in and out, and restoring in three steps. */
import {
  type AutomaticChange,
  automaticBackup,
  automaticChange,
  backupState,
  backupView,
  restoreDone,
  restorePlan,
  setupCodeHeader,
  setupConfirmRequest,
  setupPlanRequest,
  uploadedBackup,
} from '@vedette/shared/backup.ts'
import { del, get, getBytes, patch, post, postForBytes, sendFile } from './http.ts'

export const readBackups = (signal?: AbortSignal) => get({ path: '/api/backups', out: backupState, signal })

export const changeAutomatic = (change: AutomaticChange) =>
  patch({ path: '/api/backups/automatic', body: automaticChange.parse(change), out: automaticBackup })

/** Into the server's folder, with the stored passphrase. */
export const backUpNow = () => post({ path: '/api/backups', out: backupView })

/** A file of now with a passphrase of its own; the server keeps neither. */
export const exportBackup = async (passphrase: string) =>
  (await postForBytes({ path: '/api/backups/export', body: { passphrase } })).blob()

export const downloadBackup = async (id: string) => (await getBytes(`/api/backups/${id}/file`, {})).blob()

export const deleteBackup = (id: string) => del({ path: `/api/backups/${id}` })

/** A file from this device, or a backup in the server's folder. */
export type RestoreSource = { readonly file: File } | { readonly backupId: string }

/** What a restore would change; nothing is changed by asking. Without a passphrase the stored one is tried. */
export async function planRestore(source: RestoreSource, passphrase: string | undefined) {
  const from =
    'file' in source
      ? { upload: (await sendFile({ path: '/api/restore/uploads', out: uploadedBackup }, source.file)).id }
      : { backup: source.backupId }
  return post({ path: '/api/restore/plans', body: { from, passphrase }, out: restorePlan })
}

export const confirmRestore = (planId: string, acceptLockOut: boolean) =>
  post({ path: `/api/restore/plans/${planId}/confirm`, body: { acceptLockOut }, out: restoreDone })

/** The same on a new machine, where the one-time code of set-up stands for an administrator. */
export async function planSetupRestore(file: File, passphrase: string, code: string) {
  const path = '/api/setup/restore/uploads'
  const { id } = await sendFile({ path, out: uploadedBackup }, file, { [setupCodeHeader]: asHeader(code) })
  const body = setupPlanRequest.parse({ code, upload: id, passphrase })
  return post({ path: '/api/setup/restore/plans', body, out: restorePlan })
}

export const confirmSetupRestore = (planId: string, code: string) =>
  post({
    path: `/api/setup/restore/plans/${planId}/confirm`,
    body: setupConfirmRequest.parse({ code }),
    out: restoreDone,
  })

/** A header takes no letters beyond ASCII, and the code has none: it is wrong anyway. */
const asHeader = (code: string) => code.replace(/[^\x20-\x7e]/g, '?').trim()
