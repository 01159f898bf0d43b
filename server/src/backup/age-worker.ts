/**
 * The thread behind age.ts: scrypt takes most of a second and 128 MB, and a document may be large. It ends after one job.
 * Order: authenticated first, then read as text, then as JSON, then held to its schema and to what must fit together.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { Decrypter, Encrypter } from 'age-encryption'
import { z } from 'zod'
import { type AgeAnswer, type AgeJob, workFactor } from './age-job.ts'
import { readDocument } from './read-document.ts'

const job = z.custom<AgeJob>().parse(workerData)

async function encrypt(text: string, passphrase: string): Promise<Uint8Array> {
  const encrypter = new Encrypter()
  encrypter.setPassphrase(passphrase)
  encrypter.setScryptWorkFactor(workFactor)
  return encrypter.encrypt(text)
}

async function decrypt(bytes: Uint8Array, passphrase: string): Promise<AgeAnswer> {
  const decrypter = new Decrypter()
  decrypter.addPassphrase(passphrase)
  let plain: Uint8Array
  try {
    plain = await decrypter.decrypt(bytes)
  } catch {
    // The library says little about why, and nobody should learn more: the file is not what this passphrase made.
    return {
      refused:
        'The passphrase does not open this backup, or the file is damaged. Check the passphrase; a damaged file cannot be mended.',
    }
  }
  return readDocument(plain)
}

const answer: AgeAnswer =
  job.do === 'encrypt' ? { bytes: await encrypt(job.text, job.passphrase) } : await decrypt(job.bytes, job.passphrase)
parentPort?.postMessage(answer)
