/**
 * The certificates of this server: the administrator's own, or the local one, and beside it the one that an ACME authority gave for a
 * domain. Each looks after itself while Vedette runs; here is which one is shown to whom.
 */
import type { AcmeCertificate } from './acme-certificate.ts'
import type { GivenCertificate } from './given-certificate.ts'
import type { KeyPair, ServedCertificates } from './listen-both.ts'
import type { LocalCertificate } from './local-certificate.ts'
import type { Certificate } from './read-certificate.ts'

export interface CertificateFacts {
  /** Where it comes from: files, an ACME authority, or the local authority. */
  readonly kind: 'given' | 'acme' | 'local'
  readonly certificate: Certificate
}

export class Certificates implements ServedCertificates {
  readonly local: LocalCertificate
  readonly #given: GivenCertificate | undefined
  readonly #acme: AcmeCertificate | undefined
  readonly #listeners: (() => void)[] = []

  constructor(local: LocalCertificate, given?: GivenCertificate, acme?: AcmeCertificate) {
    this.local = local
    this.#given = given
    this.#acme = acme
  }

  get pair(): KeyPair {
    return this.#given?.certificate ?? this.local.certificate
  }

  /** By address or another name, the local one still fits better than one for a domain. */
  get named() {
    const pair = this.#acme?.certificate
    return pair ? [{ names: pair.names, pair }] : []
  }

  onChange(listener: () => void): void {
    this.#listeners.push(listener)
  }

  /** All that are shown, the one that most people see first. */
  facts(): CertificateFacts[] {
    const given = this.#given?.certificate
    const acme = this.#acme?.certificate
    const local = { kind: 'local', certificate: this.local.certificate } as const
    if (given) return [{ kind: 'given', certificate: given }]
    return acme ? [{ kind: 'acme', certificate: acme }, local] : [local]
  }

  /** Sentences for administrators. */
  problems(nowMs: number): string[] {
    return [...(this.#given?.problems(nowMs) ?? []), ...(this.#acme?.problems(nowMs) ?? [])]
  }

  async run(signal: AbortSignal): Promise<void> {
    const changed = () => {
      for (const listener of this.#listeners) listener()
    }
    await Promise.all([this.local, this.#given, this.#acme].map((source) => source?.run(changed, signal)))
  }
}
