/**
 * Backups as files: the age format (age-encryption.org/v1) with a passphrase, so that `age -d` opens them, too.
 * The work is done in a thread of its own, one at a time: each needs 128 MB (256 MB for a file of the age program).
 */
import { Worker } from 'node:worker_threads'
import { maxBackupBytes } from '@vedette/shared/backup.ts'
import { AppError } from '../lib/app-error.ts'
import { type AgeAnswer, type AgeJob, maxWorkFactor, workFactor as usualWorkFactor } from './age-job.ts'
import type { BackupDocument } from './backup-document.ts'

/** Authentication tags and the header: what encryption adds to the largest document. */
export const maxArchiveBytes = maxBackupBytes + 64 * 1024

const header = /^age-encryption\.org\/v1\n-> scrypt [A-Za-z0-9+/]{22} ([1-9]\d?)\n/

/** Throws payload_too_large when there is more than a restore would read. */
export async function encryptDocument(
  document: BackupDocument,
  passphrase: string,
  workFactor = usualWorkFactor,
): Promise<Uint8Array> {
  const text = JSON.stringify(document)
  if (Buffer.byteLength(text) > maxBackupBytes)
    throw new AppError(
      'payload_too_large',
      `The configuration has more than ${maxBackupBytes / 1024 / 1024} MB, which is more than a backup may hold.`,
    )
  const answer = await inThread({ do: 'encrypt', text, passphrase, workFactor })
  if (!('bytes' in answer)) throw new Error('the thread answered something else')
  return answer.bytes
}

/** Throws payload_too_large or backup_refused with a sentence; nothing that is not authenticated is looked at. `run`: tests do without the thread. */
export async function decryptDocument(
  bytes: Uint8Array,
  passphrase: string,
  run: (job: AgeJob) => Promise<AgeAnswer> = inThread,
): Promise<BackupDocument> {
  if (bytes.length > maxArchiveBytes) throw tooLarge()
  requireOurForm(bytes)
  const answer = await run({ do: 'decrypt', bytes, passphrase })
  if ('refused' in answer) throw new AppError('backup_refused', answer.refused)
  if (!('document' in answer)) throw new Error('the thread answered something else')
  return answer.document
}

export const tooLarge = () =>
  new AppError('payload_too_large', `A backup has at most ${maxBackupBytes / 1024 / 1024} MB. This is another file.`)

/** The header decides how much memory and time scrypt takes, so it is looked at before any of both is spent. */
function requireOurForm(bytes: Uint8Array): void {
  const found = header.exec(Buffer.from(bytes.subarray(0, 200)).toString('latin1'))
  if (!found)
    throw new AppError(
      'backup_refused',
      'This is no backup of Vedette: it is not a file that age made with a passphrase.',
    )
  if (Number(found[1]) > maxWorkFactor)
    throw new AppError(
      'backup_refused',
      `Opening this file would take too much memory (scrypt work factor ${found[1]}, at most ${maxWorkFactor}). Encrypt it again with the age program.`,
    )
}

let last: Promise<unknown> = Promise.resolve()
let waiting = 0
const maxWaiting = 4

function inThread(job: AgeJob): Promise<AgeAnswer> {
  if (waiting >= maxWaiting)
    throw new AppError('too_many_requests', 'Other backups are being made or opened. Try again in a moment.')
  waiting += 1
  const done = last
    .then(() => runThread(job))
    .finally(() => {
      waiting -= 1
    })
  last = done.catch(() => {})
  return done
}

function runThread(job: AgeJob): Promise<AgeAnswer> {
  const worker = new Worker(new URL('./age-worker.ts', import.meta.url), { workerData: job })
  return new Promise<AgeAnswer>((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', reject)
    worker.once('exit', (code) => reject(new Error(`the thread of a backup ended with ${code} and without an answer`)))
  })
}
