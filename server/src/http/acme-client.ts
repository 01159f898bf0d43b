/**
 * Gets a certificate from an ACME authority (RFC 8555) with HTTP-01 challenges. Our own: the packages bring their own HTTP client,
 * which would connect past net/, and a second copy of two cryptography libraries.
 *
 * In:        how to send a request (its answers are not trusted), the account's key, the names.
 * Not here:  when to do it and where the result lies (acme-certificate.ts).
 */
import { createHash, type KeyObject, sign } from 'node:crypto'
import { z } from 'zod'
import { AppError } from '../lib/app-error.ts'
import type { Clock } from '../lib/clock.ts'
import type { AcmeChallenges } from './acme-challenges.ts'

export interface AcmeRequest {
  readonly method: 'GET' | 'HEAD' | 'POST'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  readonly signal: AbortSignal
}
export interface AcmeAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}
/** Sends one request, follows nothing, and limits time and bytes. */
export type AskAcme = (request: AcmeRequest) => Promise<AcmeAnswer>

export interface AcmeOptions {
  readonly ask: AskAcme
  readonly directoryUrl: string
  /** P-256. */
  readonly accountKey: KeyObject
  readonly email: string | undefined
  readonly challenges: AcmeChallenges
  readonly clock: Clock
  readonly signal: AbortSignal
}

const url = z.url().max(2048)
const directoryForm = z.object({ newNonce: url, newAccount: url, newOrder: url })
const orderForm = z.object({
  status: z.enum(['pending', 'ready', 'processing', 'valid', 'invalid']),
  authorizations: z.array(url).max(100),
  finalize: url,
  certificate: url.optional(),
  error: z.unknown().optional(),
})
const authorizationForm = z.object({
  status: z.enum(['pending', 'valid', 'invalid', 'deactivated', 'expired', 'revoked']),
  identifier: z.object({ value: z.string().max(255) }),
  challenges: z
    .array(
      z.object({ type: z.string().max(64), url, token: z.string().max(256).optional(), error: z.unknown().optional() }),
    )
    .max(32),
})
const problemForm = z.object({ type: z.string().max(200).optional(), detail: z.string().optional() })

const maxNonces = 8
const maxPolls = 60

/** `request` is the certificate signing request (DER). Returns the chain as PEM. Throws AppError with a sentence. */
export async function orderCertificate(
  options: AcmeOptions,
  names: readonly string[],
  request: Uint8Array,
): Promise<string> {
  const acme = await AcmeSession.open(options)
  const { location, body } = await acme.post(acme.directory.newOrder, {
    identifiers: names.map((value) => ({ type: 'dns', value })),
  })
  const order = parse(orderForm, body)
  for (const address of order.authorizations) await proveName(acme, options, address)
  await acme.post(order.finalize, { csr: Buffer.from(request).toString('base64url') })
  const done = await acme.poll(location, orderForm, ({ status }) => status === 'valid' || status === 'invalid')
  if (done.status !== 'valid' || !done.certificate) throw failed(saidIn(done.error))
  return (await acme.post(done.certificate, undefined)).body
}

async function proveName(acme: AcmeSession, options: AcmeOptions, address: string): Promise<void> {
  const { status, challenges, identifier } = parse(authorizationForm, (await acme.post(address, undefined)).body)
  if (status === 'valid') return
  const challenge = challenges.find(({ type }) => type === 'http-01')
  if (!challenge?.token) throw failed(`it offers no HTTP-01 challenge for ${identifier.value}`)
  const close = options.challenges.open(challenge.token, `${challenge.token}.${thumbprint(options.accountKey)}`)
  try {
    await acme.post(challenge.url, {})
    const end = await acme.poll(address, authorizationForm, (now) => now.status !== 'pending')
    if (end.status !== 'valid')
      throw failed(saidIn(end.challenges.find(({ error }) => error !== undefined && error !== null)?.error))
  } finally {
    close()
  }
}

/** One account's conversation: every request is signed over a nonce that the authority gave before. */
class AcmeSession {
  readonly directory: z.infer<typeof directoryForm>
  readonly #options: AcmeOptions
  #nonce: string | undefined
  #account: string | undefined

  private constructor(options: AcmeOptions, directory: z.infer<typeof directoryForm>) {
    this.#options = options
    this.directory = directory
  }

  static async open(options: AcmeOptions): Promise<AcmeSession> {
    const { ask, directoryUrl, signal, email } = options
    const answer = await ask({ method: 'GET', url: directoryUrl, headers: {}, signal })
    if (answer.status !== 200) throw failed(`its directory answers with ${answer.status}`)
    const session = new AcmeSession(options, parse(directoryForm, answer.body))
    // The same key gets the same account again.
    const account = { termsOfServiceAgreed: true, ...(email && { contact: [`mailto:${email}`] }) }
    session.#account = (await session.post(session.directory.newAccount, account)).location
    return session
  }

  /** Signed; without a payload it only reads (RFC 8555, 6.3). Throws for every refusal. */
  async post(
    address: string,
    payload: object | undefined,
  ): Promise<{ location: string; body: string; retryMs: number }> {
    const { signal } = this.#options
    for (let attempt = 0; ; attempt++) {
      const answer = await this.#ask({
        method: 'POST',
        url: address,
        headers: { 'content-type': 'application/jose+json' },
        body: this.#signed(address, payload, this.#nonce ?? (await this.#newNonce())),
        signal,
      })
      this.#nonce = headerOf(answer, 'replay-nonce')
      if (answer.status < 300) {
        const retryMs = Math.min(30, Number(headerOf(answer, 'retry-after')) || 1) * 1000
        return { location: headerOf(answer, 'location') ?? '', body: answer.body, retryMs }
      }
      const problem = problemForm.safeParse(parseJson(answer.body)).data
      if (!problem?.type?.endsWith(':badNonce') || attempt >= maxNonces)
        throw failed(saidIn(problem) ?? `it answers with ${answer.status}`)
    }
  }

  async poll<T>(address: string, form: z.ZodType<T>, isOver: (now: T) => boolean): Promise<T> {
    for (let i = 0; i < maxPolls; i++) {
      const { body, retryMs } = await this.post(address, undefined)
      const now = parse(form, body)
      if (isOver(now)) return now
      await this.#options.clock.sleep(retryMs, this.#options.signal)
    }
    throw failed('it did not decide in time')
  }

  async #newNonce(): Promise<string> {
    const { signal } = this.#options
    const answer = await this.#ask({ method: 'HEAD', url: this.directory.newNonce, headers: {}, signal })
    const nonce = headerOf(answer, 'replay-nonce')
    if (!nonce) throw failed('it gives no nonce')
    return nonce
  }

  /** The directory was named by whoever started Vedette; what it says leads nowhere else. */
  async #ask(request: AcmeRequest): Promise<AcmeAnswer> {
    const { ask, directoryUrl } = this.#options
    const isThere = URL.canParse(request.url) && new URL(request.url).origin === new URL(directoryUrl).origin
    if (!isThere) throw failed('it sends us to another host')
    return ask(request)
  }

  #signed(address: string, payload: object | undefined, nonce: string): string {
    const key = this.#options.accountKey
    const who = this.#account ? { kid: this.#account } : { jwk: publicJwk(key) }
    const head = encode(JSON.stringify({ alg: 'ES256', nonce, url: address, ...who }))
    const body = payload === undefined ? '' : encode(JSON.stringify(payload))
    const signature = sign('sha256', Buffer.from(`${head}.${body}`), { key, dsaEncoding: 'ieee-p1363' })
    return JSON.stringify({ protected: head, payload: body, signature: signature.toString('base64url') })
  }
}

const encode = (text: string) => Buffer.from(text).toString('base64url')

/** Members in the order of the alphabet: the thumbprint is over exactly this text (RFC 7638). */
function publicJwk(key: KeyObject) {
  const { crv, kty, x, y } = key.export({ format: 'jwk' })
  return { crv, kty, x, y }
}
const thumbprint = (key: KeyObject) =>
  createHash('sha256')
    .update(JSON.stringify(publicJwk(key)))
    .digest('base64url')

function headerOf(answer: AcmeAnswer, name: string): string | undefined {
  return [answer.headers[name] ?? []].flat()[0]
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function parse<T>(form: z.ZodType<T>, text: string): T {
  const parsed = form.safeParse(parseJson(text))
  if (!parsed.success) throw failed('its answer is not one that RFC 8555 knows')
  return parsed.data
}

/** The authority's own words, kept short and on one line. */
function saidIn(problem: unknown): string | undefined {
  const { detail } = problemForm.safeParse(problem).data ?? {}
  return detail && `“${detail.replace(/[\u0000-\u001f\u007f]+/g, ' ').slice(0, 300)}”`
}

const failed = (why = 'it refuses without a reason') =>
  new AppError('bad_request', `the authority did not give one: ${why}`)
