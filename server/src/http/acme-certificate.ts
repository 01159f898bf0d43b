/**
 * A certificate from an ACME authority, kept in the data folder and renewed when a third of its life is left. While there is none,
 * the local one is shown; a failure is a problem on the status page, and is tried again ever more rarely, over restarts too.
 */
import 'reflect-metadata' // Must come before x509.
import { createPrivateKey, generateKeyPairSync, webcrypto } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as x509 from '@peculiar/x509'
import { z } from 'zod'
import { AppError } from '../lib/app-error.ts'
import type { Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import type { AcmeChallenges } from './acme-challenges.ts'
import { type AskAcme, orderCertificate } from './acme-client.ts'
import { ageProblem, type Certificate, readCertificate } from './read-certificate.ts'
import { writeWhole } from './write-whole.ts'

export interface AcmeOptions {
  /** <data>/tls/acme */
  readonly folder: string
  readonly names: readonly string[]
  readonly email: string | undefined
  readonly directoryUrl: string
  readonly ask: AskAcme
  readonly challenges: AcmeChallenges
  readonly clock: Clock
  readonly log: Log
}

const minuteMs = 60_000
const hourMs = 60 * minuteMs
/** Authorities allow five failed tries an hour. */
const waitsMs = [10 * minuteMs, 30 * minuteMs, hourMs, 3 * hourMs, 6 * hourMs, 12 * hourMs, 24 * hourMs]
const tryLimitMs = 10 * minuteMs
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

const stateForm = z.object({
  directory: z.string(),
  failures: z.number().int().min(0),
  triedMs: z.number(),
  why: z.string().max(1000),
})
type State = z.infer<typeof stateForm>

export class AcmeCertificate {
  readonly #options: AcmeOptions
  #certificate: Certificate | undefined
  #state: State

  private constructor(options: AcmeOptions, certificate: Certificate | undefined, state: State) {
    this.#options = options
    this.#certificate = certificate
    this.#state = state
  }

  /** Reads what an earlier run left; asks nobody. */
  static async open(options: AcmeOptions): Promise<AcmeCertificate> {
    const { folder, names, directoryUrl } = options
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const fresh = { directory: directoryUrl, failures: 0, triedMs: 0, why: '' }
    const state = await readState(folder)
    // Another authority (the staging one before the real one): what came from it is not used.
    if (state?.directory !== directoryUrl) return new AcmeCertificate(options, undefined, fresh)
    const found = await readKept(folder)
    const isOurs = names.every((name) => found?.names.includes(name))
    return new AcmeCertificate(options, isOurs ? found : undefined, state)
  }

  get certificate(): Certificate | undefined {
    return this.#certificate
  }

  problems(nowMs: number): string[] {
    const { failures, why } = this.#state
    const names = this.#options.names.join(', ')
    const again = new Date(this.dueMs()).toISOString().slice(0, 16).replace('T', ' ')
    const failure =
      failures > 0 ? `No new certificate for ${names}: ${why}. Vedette tries again at ${again} (UTC).` : undefined
    const cure = 'Vedette could not renew it.'
    const age = this.#certificate && failures > 0 ? ageProblem(this.#certificate, nowMs, cure) : undefined
    return [failure, age].filter((problem) => problem !== undefined)
  }

  /** When the authority is asked next. */
  dueMs(): number {
    const { failures, triedMs } = this.#state
    const wait = failures === 0 ? 0 : (waitsMs[Math.min(failures, waitsMs.length) - 1] ?? 0)
    const { startsMs, endsMs } = this.#certificate ?? { startsMs: 0, endsMs: 0 }
    return Math.max(triedMs + wait, endsMs - (endsMs - startsMs) / 3)
  }

  async run(onChange: () => void, signal: AbortSignal): Promise<void> {
    const { clock } = this.#options
    while (!signal.aborted) {
      const waitMs = this.dueMs() - clock.nowMs()
      // In steps: the wall clock may be set meanwhile.
      if (waitMs > 0) await clock.sleep(Math.min(waitMs, 10 * minuteMs), signal).catch(() => {})
      else if (await this.#try(signal)) onChange()
    }
  }

  async #try(signal: AbortSignal): Promise<boolean> {
    const { clock, log, names, directoryUrl: directory } = this.#options
    const triedMs = clock.nowMs()
    // Noted before: a crash in the middle must not make it a try a second.
    await this.#note({ ...this.#state, failures: this.#state.failures + 1, triedMs, why: 'the last try was cut short' })
    try {
      const certificate = await this.#order(AbortSignal.any([signal, AbortSignal.timeout(tryLimitMs)]))
      this.#certificate = certificate
      await this.#keep('certificate.pem', `${certificate.key}\n${certificate.cert}`)
      await this.#note({ directory, failures: 0, triedMs, why: '' })
      log.info({ names, endsMs: certificate.endsMs }, 'the ACME authority gave a certificate')
      return true
    } catch (error) {
      if (signal.aborted) return false
      const why = error instanceof AppError ? error.message : 'something went wrong in Vedette, its log says what'
      await this.#note({ ...this.#state, why })
      log.warn({ err: error, names }, 'no certificate from the ACME authority')
      return false
    }
  }

  async #order(signal: AbortSignal): Promise<Certificate> {
    const { names, clock } = this.#options
    const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
    const request = await x509.Pkcs10CertificateRequestGenerator.create({
      name: `CN=${names[0]}`,
      keys,
      signingAlgorithm: algorithm,
      extensions: [new x509.SubjectAlternativeNameExtension(names.map((value) => ({ type: 'dns', value })))],
    })
    const accountKey = createPrivateKey(await this.#accountKey())
    const cert = await orderCertificate(
      { ...this.#options, accountKey, signal },
      names,
      new Uint8Array(request.rawData),
    )
    const key = x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY')
    const certificate = readCertificate(cert, key)
    if (!names.every((name) => certificate.names.includes(name)))
      throw new AppError('bad_request', 'the authority gave one for other names')
    if (certificate.endsMs <= clock.nowMs()) throw new AppError('bad_request', 'the authority gave one that has ended')
    return certificate
  }

  async #accountKey(): Promise<string> {
    const path = join(this.#options.folder, 'account-key.pem')
    const found = await readFile(path, 'utf8').catch(() => undefined)
    if (found) return found
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    await writeWhole(path, pem)
    return pem
  }

  async #note(state: State): Promise<void> {
    this.#state = state
    await this.#keep('state.json', JSON.stringify(state))
  }

  /** A full disk costs another order after a restart, not the certificate. */
  async #keep(file: string, text: string): Promise<void> {
    try {
      await writeWhole(join(this.#options.folder, file), text)
    } catch (error) {
      this.#options.log.error({ err: error, file }, 'what the ACME authority gave could not be written down')
    }
  }
}

/** Undefined where there is none, or none that can be shown. */
async function readKept(folder: string): Promise<Certificate | undefined> {
  try {
    const text = await readFile(join(folder, 'certificate.pem'), 'utf8')
    return readCertificate(text, text)
  } catch {
    return undefined
  }
}

async function readState(folder: string): Promise<State | undefined> {
  try {
    return stateForm.parse(JSON.parse(await readFile(join(folder, 'state.json'), 'utf8')))
  } catch {
    return undefined // The first time, or not whole: the worst is one more order.
  }
}
