/**
 * What the thread behind age.ts does. Order: authenticated first, then read as text, then as JSON, then held to its schema
 * and to what must fit together.
 */
import { Decrypter, Encrypter } from 'age-encryption'
import type { AgeAnswer, AgeJob } from './age-job.ts'
import { readDocument } from './read-document.ts'

export async function doAgeJob(job: AgeJob): Promise<AgeAnswer> {
  return job.do === 'encrypt' ? { bytes: await encrypt(job) } : await decrypt(job.bytes, job.passphrase)
}

async function encrypt({ text, passphrase, workFactor }: Extract<AgeJob, { do: 'encrypt' }>): Promise<Uint8Array> {
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
