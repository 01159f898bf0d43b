/**
 * The folder of backups: files are known by the id in their name and nothing else in it is touched. A marker file says that the
 * folder is ours, so that nothing is written to the empty mount point of a disk that is away.
 *
 * File: vedette-<yyyymmddThhmmssZ>-<automatic|hand>-<id>.age, 0600; half-written ones end in .part and are never listed.
 */

import { constants } from 'node:fs'
import { type FileHandle, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type BackupView, maxBackupBytes } from '@vedette/shared/backup.ts'
import { AppError } from '../lib/app-error.ts'
import { makeFolderPath } from '../lib/make-folder.ts'

const fileName = /^vedette-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z-(automatic|hand)-([0-9A-HJKMNP-TV-Z]{26})\.age$/
const markerName = '.vedette-backups'
const maxListed = 1000

/** `made` when the marker was written just now. */
export interface BackupFolder {
  readonly path: string
  /** What the marker must hold; undefined: no backup was written here yet, and whatever marker is there is taken. */
  readonly marker: string | undefined
}

export interface BackupFile extends BackupView {
  readonly name: string
}

/** Newest first. Empty while there is no such folder. */
export async function listBackups(path: string): Promise<BackupFile[]> {
  const names = await readdir(path).catch((error: unknown) => {
    if (isCode(error, 'ENOENT')) return []
    throw unreadable(path, error)
  })
  const files: BackupFile[] = []
  for (const name of names.filter((one) => fileName.test(one)).slice(0, maxListed)) {
    const facts = await stat(join(path, name)).catch(() => undefined)
    const view = viewOf(name, facts?.size ?? 0)
    if (facts?.isFile() && view) files.push(view)
  }
  return files.sort((a, b) => b.madeMs - a.madeMs || (a.id < b.id ? 1 : -1))
}

/** Writes a backup as a whole or not at all; returns the marker that the folder has now. */
export async function writeBackup(
  folder: BackupFolder,
  backup: { readonly id: string; readonly madeMs: number; readonly by: BackupView['by']; readonly bytes: Uint8Array },
): Promise<{ readonly marker: string; readonly file: BackupFile }> {
  const { path } = folder
  const time = new Date(backup.madeMs).toISOString().replace(/[-:]|\.\d+/g, '')
  const name = `vedette-${time}-${backup.by}-${backup.id}.age`
  try {
    const marker = await claim(folder, backup.id)
    const part = join(path, `${name}.part`)
    try {
      await using file = await open(part, 'wx', 0o600)
      await file.writeFile(backup.bytes)
      await file.sync()
      await rename(part, join(path, name))
    } catch (error) {
      await rm(part, { force: true })
      throw error
    }
    await syncFolder(path)
    const file = viewOf(name, backup.bytes.length)
    if (!file) throw new Error(`${name} is no name of a backup`)
    return { marker, file }
  } catch (error) {
    throw unwritable(path, error)
  }
}

/** The bytes of one; throws not_found, or payload_too_large for a file that is none of ours. */
export async function readBackup(path: string, backupId: string, maxBytes = 2 * maxBackupBytes): Promise<Buffer> {
  await using file = await openBackup(path, await getBackup(path, backupId))
  const { size } = await file.stat()
  if (size > maxBytes) throw new AppError('payload_too_large', 'This file is too large for a backup.')
  return file.readFile()
}

/** Throws not_found. */
export async function getBackup(path: string, backupId: string): Promise<BackupFile> {
  const found = (await listBackups(path)).find(({ id }) => id === backupId)
  if (!found) throw new AppError('not_found', 'There is no such backup.')
  return found
}

export async function removeBackup(path: string, { name }: Pick<BackupFile, 'name'>): Promise<void> {
  if (!fileName.test(name)) throw new Error(`${name} is no name of a backup`)
  await rm(join(path, name), { force: true })
  await syncFolder(path)
}

/** Those that make room: automatic ones beyond `keep`, the oldest first. Pure. */
export function planPruning(files: readonly BackupFile[], keep: number): readonly BackupFile[] {
  return files
    .filter(({ by }) => by === 'automatic')
    .toSorted((a, b) => b.madeMs - a.madeMs)
    .slice(keep)
}

/** What a killed program left half-written. */
export async function dropParts(path: string): Promise<void> {
  const names = await readdir(path).catch(() => [])
  for (const name of names)
    if (name.endsWith('.part') && fileName.test(name.slice(0, -'.part'.length)))
      await rm(join(path, name), { force: true })
}

/** Makes folder and marker, or finds its own. */
async function claim({ path, marker }: BackupFolder, newMarker: string): Promise<string> {
  if (marker === undefined) await makeFolderPath(path)
  const found = await readMarker(path)
  if (found !== undefined && (marker === undefined || found === marker)) return found
  if (marker !== undefined)
    throw new AppError(
      'volume_missing',
      `${path} is not the folder that backups were written to before: its disk is away, or another one is there. Connect the right one, or give another folder with VEDETTE_BACKUPS.`,
    )
  await using file = await open(join(path, markerName), 'wx', 0o600)
  await file.writeFile(newMarker)
  await file.sync()
  return newMarker
}

async function readMarker(path: string): Promise<string | undefined> {
  try {
    await using file = await open(
      join(path, markerName),
      constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK,
    )
    const { buffer, bytesRead } = await file.read(Buffer.alloc(100), 0, 100, 0)
    const text = buffer.toString('latin1', 0, bytesRead)
    return /^[0-9A-Z]{26}$/.test(text) ? text : undefined
  } catch {
    return undefined
  }
}

function openBackup(path: string, { name }: BackupFile): Promise<FileHandle> {
  return open(join(path, name), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
    (error: unknown) => {
      throw unreadable(path, error)
    },
  )
}

async function syncFolder(path: string): Promise<void> {
  await using folder = await open(path, constants.O_RDONLY | constants.O_DIRECTORY)
  await folder.sync()
}

function viewOf(name: string, sizeBytes: number): BackupFile | undefined {
  const [, year, month, day, hour, minute, second, by, id = ''] = fileName.exec(name) ?? []
  const madeMs = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  if (Number.isNaN(madeMs) || (by !== 'automatic' && by !== 'hand')) return undefined
  return { id, madeMs, sizeBytes, by, name }
}

const isCode = (error: unknown, code: string) => error instanceof Error && 'code' in error && error.code === code

function unwritable(path: string, cause: unknown): unknown {
  if (cause instanceof AppError || !(cause instanceof Error && 'code' in cause)) return cause
  if (cause.code === 'ENOSPC' || cause.code === 'EDQUOT')
    return new AppError('disk_full', `The disk of the backups' folder ${path} is full. Free some space on it.`, {
      cause,
    })
  return new AppError(
    'disk_failed',
    `The backups' folder ${path} cannot be written (${String(cause.code)}). Check its owner and its disk.`,
    { cause },
  )
}

const unreadable = (path: string, cause: unknown) =>
  new AppError('disk_failed', `The backups' folder ${path} cannot be read. Check its owner and its disk.`, { cause })
