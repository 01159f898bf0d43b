/**
 * One HTTPS request to a checked address, with a name proven by an authority, limits on time and bytes, and no redirect followed
 * (SECURITY.md R15). For services, not for cameras.
 */
import { request as startRequest } from 'node:http'
import { AppError } from '../lib/app-error.ts'
import type { EgressPolicy } from './address-policy.ts'
import { connectTcp } from './connect.ts'
import type { Lookup } from './resolve-checked.ts'

export interface HttpsQuestion {
  readonly method: 'GET' | 'HEAD' | 'POST'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  readonly signal: AbortSignal
}
export interface HttpsRules {
  readonly policy: EgressPolicy
  /** Authorities (PEM) besides none: without it the system's. */
  readonly ca?: string | undefined
  readonly lookup?: Lookup
}
export interface HttpsAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

const timeLimitMs = 30_000
const maxBytes = 256 * 1024

/** Throws bad_request with half a sentence that names the host: "… cannot be reached". */
export async function askHttps(question: HttpsQuestion, rules: HttpsRules): Promise<HttpsAnswer> {
  const url = new URL(question.url)
  if (url.protocol !== 'https:' || url.username !== '')
    throw new AppError('bad_request', `${url.host} must be asked over https`)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const signal = AbortSignal.any([question.signal, AbortSignal.timeout(timeLimitMs)])
  try {
    const { socket } = await connectTcp({
      host,
      port: Number(url.port || 443),
      policy: rules.policy,
      tls: { provenBy: { ca: rules.ca } },
      signal,
      ...(rules.lookup && { lookup: rules.lookup }),
    })
    try {
      return await exchange(socket, url, { ...question, signal })
    } finally {
      socket.destroy()
    }
  } catch (cause) {
    question.signal.throwIfAborted()
    throw new AppError('bad_request', `${host} cannot be asked (${reasonOf(cause)})`, { cause })
  }
}

function exchange(
  socket: Awaited<ReturnType<typeof connectTcp>>['socket'],
  url: URL,
  { method, headers, body, signal }: HttpsQuestion,
): Promise<HttpsAnswer> {
  return new Promise((resolve, reject) => {
    const sent = startRequest({
      method,
      path: `${url.pathname}${url.search}`,
      headers: {
        ...headers,
        host: url.host,
        'user-agent': 'vedette',
        connection: 'close',
        ...(body !== undefined && { 'content-length': String(Buffer.byteLength(body)) }),
      },
      createConnection: () => socket,
      signal,
    })
    sent.once('error', reject)
    sent.once('response', (answer) => {
      const chunks: Buffer[] = []
      let size = 0
      answer.on('data', (chunk: Buffer) => {
        size += chunk.length
        chunks.push(chunk)
        if (size > maxBytes) answer.destroy(new Error('it sends too much'))
      })
      answer.once('error', reject)
      answer.once('close', () => reject(new Error('it hung up')))
      answer.once('end', () =>
        resolve({
          status: answer.statusCode ?? 0,
          headers: answer.headers,
          body: Buffer.concat(chunks).toString('utf8'),
        }),
      )
    })
    sent.end(body)
  })
}

/** The innermost cause has the word that helps: ECONNREFUSED, "unable to verify the first certificate". */
function reasonOf(error: unknown): string {
  if (error instanceof Error && error.cause instanceof Error) return reasonOf(error.cause)
  return error instanceof Error ? error.message.slice(0, 200) : 'for a reason unknown'
}
