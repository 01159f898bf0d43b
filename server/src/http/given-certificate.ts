/**
 * The administrator's own certificate, in two files that another program renews. They are looked at every few seconds (links are
 * followed, as certbot and Kubernetes swap them); a pair that is no good leaves the one before in place and is said aloud.
 */
import { readFile, stat } from 'node:fs/promises'
import { AppError } from '../lib/app-error.ts'
import type { Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import { ageProblem, type Certificate, readCertificate } from './read-certificate.ts'

export interface CertificatePlace {
  /** Absolute paths: the chain, leaf first, and its key. */
  readonly certPath: string
  readonly keyPath: string
}

const lookMs = 10_000
const maxBytes = 256 * 1024

export class GivenCertificate {
  readonly #place: CertificatePlace
  readonly #clock: Clock
  readonly #log: Log
  #seen = ''
  #failure: string | undefined
  #certificate: Certificate | undefined

  private constructor(place: CertificatePlace, clock: Clock, log: Log) {
    this.#place = place
    this.#clock = clock
    this.#log = log
  }

  /** A pair that is no good does not keep Vedette from recording: there is no certificate then, and a problem. */
  static async open(place: CertificatePlace, clock: Clock, log: Log): Promise<GivenCertificate> {
    const given = new GivenCertificate(place, clock, log)
    await given.look()
    const problem = given.problems(clock.nowMs())[0]
    if (problem) log.error({ cert: place.certPath }, problem)
    return given
  }

  /** The last good pair. */
  get certificate(): Certificate | undefined {
    return this.#certificate
  }

  problems(nowMs: number): string[] {
    const kept = this.#certificate ? 'The one before stays in use.' : 'Vedette shows a certificate of its own instead.'
    const failure = this.#failure && `The certificate ${this.#place.certPath} is not used: ${this.#failure}. ${kept}`
    const age = this.#certificate && ageProblem(this.#certificate, nowMs, `Renew ${this.#place.certPath}.`)
    return [failure, age].filter((problem) => problem !== undefined)
  }

  /** Reads the files where they have changed; true when there is another certificate now. */
  async look(): Promise<boolean> {
    const { certPath, keyPath } = this.#place
    try {
      const seen = `${await markOf(certPath)} ${await markOf(keyPath)}`
      if (seen === this.#seen) return false
      this.#seen = seen
      const [cert, key] = [await readFile(certPath, 'utf8'), await readFile(keyPath, 'utf8')]
      const before = this.#certificate
      this.#certificate = readCertificate(cert, key)
      this.#failure = undefined
      if (before?.cert === cert && before.key === key) return false
      this.#log.info({ cert: certPath, names: this.#certificate.names }, 'another certificate is in use')
      return true
    } catch (error) {
      const failure = sentenceOf(error)
      if (failure !== this.#failure) this.#log.warn({ err: error, cert: certPath }, 'the certificate cannot be used')
      this.#failure = failure
      return false
    }
  }

  async run(onChange: () => void, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#clock.sleep(lookMs, signal).catch(() => {})
      if (!signal.aborted && (await this.look())) onChange()
    }
  }
}

/** Changes with the content, a swap of links and the rights. */
async function markOf(path: string): Promise<string> {
  const { ino, size, mtimeMs, ctimeMs, isFile } = await stat(path).then((found) => ({
    ...found,
    isFile: found.isFile(),
  }))
  // A pipe would be waited for without end.
  if (!isFile || size > maxBytes) throw new AppError('bad_request', `${path} is not a file of certificates`)
  return `${ino} ${size} ${mtimeMs} ${ctimeMs}`
}

function sentenceOf(error: unknown): string {
  if (error instanceof AppError) return error.message
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOENT') return 'the file or its key is not there'
  if (code === 'EACCES') return 'Vedette may not read the file or its key'
  return 'the file or its key cannot be read'
}
