/** An authenticator in software (WebAuthn, ES256, no attestation unless told): answers options as navigator.credentials would. */
import { createHash, createSign, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto'

/** `fmt` and `attStmt` as CBOR: what an authenticator says of its own making. */
export type Statement = (
  clientDataHash: Buffer,
  keys: { publicKey: KeyObject; privateKey: KeyObject },
) => Promise<Buffer>

export class SoftPasskey {
  counter = 0
  readonly #id = randomBytes(16)
  readonly #keys = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  readonly #origin: string
  readonly #host: string

  constructor(origin: string, host: string) {
    this.#origin = origin
    this.#host = host
  }

  create(challenge: string) {
    return this.#create(challenge, Buffer.from('63666d74646e6f6e656761747453746d74a0', 'hex')) // fmt: 'none', attStmt: {}
  }

  async createWith(challenge: string, statement: Statement) {
    const clientData = this.#clientData('webauthn.create', challenge)
    return this.#create(challenge, await statement(createHash('sha256').update(clientData).digest(), this.#keys))
  }

  #create(challenge: string, statement: Buffer) {
    const authData = Buffer.concat([
      this.#authData(0x41),
      Buffer.alloc(16),
      Buffer.from([0, this.#id.length]),
      this.#id,
      this.#coseKey(),
    ])
    // {fmt, attStmt, authData}
    const attestation = Buffer.concat([
      Buffer.from('a3', 'hex'),
      statement,
      Buffer.from('68617574684461746158', 'hex'),
      Buffer.from([authData.length]),
      authData,
    ])
    return this.#credential({
      clientDataJSON: this.#clientData('webauthn.create', challenge).toString('base64url'),
      attestationObject: attestation.toString('base64url'),
      transports: ['internal'],
    })
  }

  get(challenge: string) {
    this.counter += 1
    const authData = this.#authData(0x01)
    const clientData = this.#clientData('webauthn.get', challenge)
    const signed = Buffer.concat([authData, createHash('sha256').update(clientData).digest()])
    return this.#credential({
      clientDataJSON: clientData.toString('base64url'),
      authenticatorData: authData.toString('base64url'),
      signature: createSign('sha256').update(signed).sign(this.#keys.privateKey).toString('base64url'),
    })
  }

  #credential<T>(response: T) {
    const id = this.#id.toString('base64url')
    return { id, rawId: id, type: 'public-key', clientExtensionResults: {}, response }
  }
  #clientData(type: string, challenge: string): Buffer {
    return Buffer.from(JSON.stringify({ type, challenge, origin: this.#origin, crossOrigin: false }))
  }
  #authData(flags: number): Buffer {
    const counter = Buffer.alloc(4)
    counter.writeUInt32BE(this.counter)
    return Buffer.concat([createHash('sha256').update(this.#host).digest(), Buffer.from([flags]), counter])
  }
  /** {1: 2 (EC2), 3: -7 (ES256), -1: 1 (P-256), -2: x, -3: y} */
  #coseKey(): Buffer {
    const { x = '', y = '' } = this.#keys.publicKey.export({ format: 'jwk' })
    const part = (label: string, text: string) =>
      Buffer.concat([Buffer.from(`${label}5820`, 'hex'), Buffer.from(text, 'base64url')])
    return Buffer.concat([Buffer.from('a5010203262001', 'hex'), part('21', x), part('22', y)])
  }
}
