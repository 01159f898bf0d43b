/**
 * TCP and TLS connections to checked addresses. Nothing here resolves a name a second time or follows anything.
 *
 * TLS: cameras have self-made certificates, so authorities and names prove nothing. What counts is the public key:
 * the caller hands in the one it knows, or gets to know it here (trust on first use) and keeps it.
 */
import { createHash } from 'node:crypto'
import { connect as connectPlain, type OnReadOpts, type Socket } from 'node:net'
import { connect as connectTls, TLSSocket } from 'node:tls'
import { AppError } from '../lib/app-error.ts'
import type { EgressPolicy } from './address-policy.ts'
import { type CheckedAddress, type Lookup, resolveChecked } from './resolve-checked.ts'

export interface ConnectOptions {
  /** Name or address, without brackets. */
  readonly host: string
  readonly port: number
  readonly policy: EgressPolicy
  /** Present: TLS. */
  readonly tls?: TlsTrust
  /** Where bytes are read to, see node:net; without it the socket is an ordinary stream. */
  readonly onread?: OnReadOpts
  readonly signal?: AbortSignal
  /** For all addresses and the TLS handshake together. */
  readonly timeoutMs?: number
  /** For tests. */
  readonly lookup?: Lookup
}

/** With `expectedKeySha256` any other key is refused before a byte is sent, and `onOtherKey` is told of it. */
export interface TlsTrust {
  /** Present: the server must prove its name by an authority, the system's or these (PEM). For services, not for cameras. */
  readonly provenBy?: { readonly ca?: string | undefined } | undefined
  readonly expectedKeySha256?: string | undefined
  readonly onOtherKey?: ((shownSha256: string) => void) | undefined
}

export interface Connection {
  /** Connected, Nagle off. Its errors may be ignored: they also end it. */
  readonly socket: Socket
  readonly address: CheckedAddress
  /** SHA-256 of the server's public key (SPKI), hex; undefined without TLS. */
  readonly keySha256: string | undefined
}

/** Connects to the first checked address that answers. Throws address_refused, camera_unreachable, camera_key_changed. */
export async function connectTcp(options: ConnectOptions): Promise<Connection> {
  const { host, port, signal } = options
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new AppError('bad_request', 'A port is a number from 1 to 65535.', { field: 'port' })
  }
  const deadlineMs = performance.now() + (options.timeoutMs ?? 10_000)
  const addresses = await resolveChecked(host, options.policy, {
    ...(signal && { signal }),
    ...(options.lookup && { lookup: options.lookup }),
  })
  let failure: unknown
  for (const [index, address] of addresses.entries()) {
    const shareMs = Math.max(1, (deadlineMs - performance.now()) / (addresses.length - index))
    const outcome = await tryAddress(address, shareMs, options)
    if ('socket' in outcome) return { ...outcome, address }
    failure = outcome.failure
    signal?.throwIfAborted()
  }
  throw unreachable(host, port, failure)
}

async function tryAddress(
  address: CheckedAddress,
  timeoutMs: number,
  options: ConnectOptions,
): Promise<{ socket: Socket; keySha256: string | undefined } | { failure: unknown }> {
  const { tls, signal } = options
  signal?.throwIfAborted()
  const socket = tls ? openTls(address, options) : connectPlain(target(address, options))
  socket.on('error', () => {}) // An error always comes with 'close'; a late one must not end the process.
  const failure = await new Promise<unknown>((resolve) => {
    const timer = setTimeout(() => done(new Error('timeout')), timeoutMs)
    const onAbort = () => done(signal?.reason)
    const done = (outcome: unknown) => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
      resolve(outcome)
    }
    signal?.addEventListener('abort', onAbort, { once: true })
    socket.once('error', done)
    socket.once('close', () => done(new Error('closed')))
    socket.once(tls ? 'secureConnect' : 'connect', () => done(undefined))
  })
  if (failure !== undefined) {
    socket.destroy()
    return { failure }
  }
  const keySha256 = socket instanceof TLSSocket ? keyOf(socket) : undefined
  if (tls && keySha256 === undefined) {
    socket.destroy()
    return { failure: new Error('TLS without a key') }
  }
  if (tls?.expectedKeySha256 && keySha256 && keySha256 !== tls.expectedKeySha256) {
    socket.destroy()
    tls.onOtherKey?.(keySha256)
    throw new AppError(
      'camera_key_changed',
      'The camera shows another key than before. If it was reset, updated or replaced, trust the new key on its page; if not, somebody may be posing as it.',
    )
  }
  return { socket, keySha256 }
}

function target(address: CheckedAddress, options: ConnectOptions) {
  return {
    host: address.address,
    port: options.port,
    family: address.family,
    autoSelectFamily: false,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: 30_000,
    ...(options.onread && { onread: options.onread }),
    // An address needs no resolver; should one be asked all the same, the connection fails.
    lookup: (host: string, _options: unknown, done: (error: Error, address: string) => void) =>
      done(new Error(`not resolved twice: ${host}`), ''),
  }
}

function openTls(address: CheckedAddress, options: ConnectOptions): TLSSocket {
  const isName = options.host !== address.address && !options.host.includes(':')
  return connectTls({
    ...target(address, options),
    ...(isName && /[a-z]/i.test(options.host) && { servername: options.host }),
    rejectUnauthorized: options.tls?.provenBy !== undefined, // Of a camera the key is checked instead, see the header.
    ...(options.tls?.provenBy?.ca && { ca: options.tls.provenBy.ca }),
    minVersion: 'TLSv1.2',
  })
}

/** undefined: the other side has shown no key, so there is nothing to know it by. */
function keyOf(socket: TLSSocket): string | undefined {
  socket.disableRenegotiation() // Or the key could change after the check.
  const key = socket.getPeerX509Certificate()?.publicKey.export({ type: 'spki', format: 'der' })
  return key && createHash('sha256').update(key).digest('hex')
}

function unreachable(host: string, port: number, cause: unknown): AppError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  const why =
    code === 'ECONNREFUSED'
      ? `refuses connections on port ${port}. Is the port right and RTSP switched on?`
      : typeof code === 'string' && /^(ERR_SSL|EPROTO|ERR_TLS)/.test(code)
        ? `does not speak TLS on port ${port}. Try the address with rtsp:// instead.`
        : `does not answer on port ${port}. Is it switched on and in this network?`
  return new AppError('camera_unreachable', `${host} ${why}`, { cause })
}

/** What a protocol asks for; whom it may reach was settled by whoever made the function. */
export type Connect = (target: {
  readonly host: string
  readonly port: number
  readonly tls: boolean
  readonly onread: OnReadOpts
  readonly signal: AbortSignal
}) => Promise<Connection>

/**
 * The door handed to a camera's client for one session: the same policy and the same key for every connection,
 * redirected ones too. Without an expected key, the first one that is shown is the one.
 */
export function cameraConnect(
  policy: EgressPolicy,
  expectedKeySha256?: string,
  onOtherKey?: (shownSha256: string) => void,
): Connect {
  let expected = expectedKeySha256
  return async ({ tls, ...target }) => {
    const trust = { expectedKeySha256: expected, onOtherKey }
    const connection = await connectTcp({ ...target, policy, ...(tls && { tls: trust }) })
    expected ??= connection.keySha256
    return connection
  }
}
