/**
 * HTTPS and clear HTTP on one port: the first byte of a connection tells (22 begins a TLS handshake). What comes in clear goes to
 * the same handler, which sends pages to HTTPS and refuses the rest (require-https.ts), or believes a TLS proxy.
 *
 * Invariant: a connection is counted before its first byte is waited for, and that wait is short.
 */
import { createServer as createClearServer, type RequestListener } from 'node:http'
import { createServer as createSecureServer, type Server as SecureServer } from 'node:https'
import type { Admit, HeldSocket } from './limit-connections.ts'

/** PEM texts: the chain, leaf first, and its key. */
export interface KeyPair {
  readonly cert: string
  readonly key: string
}

/** The certificates that a server shows; asked again after each change. */
export interface ServedCertificates {
  /** For all names but those below, and for clients that name none. */
  readonly pair: KeyPair
  readonly named: readonly { readonly names: readonly string[]; readonly pair: KeyPair }[]
  /** The listener is called after a change; connections that are open stay as they are. */
  onChange(listener: () => void): void
}

export interface BothOptions {
  readonly certificates: ServedCertificates
  readonly admit: Admit
  readonly requestTimeoutMs: number
  /** How long a connection may say nothing at all. */
  readonly firstByteMs?: number | undefined
}

const tlsHandshake = 22
const minVersion = 'TLSv1.2'
const handshakeMs = 15_000
/** How often Node looks for heads and bodies that take too long; a slow one lives that much longer. */
const connectionsCheckingInterval = 5000

/** The returned server listens for both; closing its connections closes the clear ones too. */
export function listenBoth(handler: RequestListener, options: BothOptions): SecureServer {
  const { certificates, requestTimeoutMs: requestTimeout } = options
  // A request without a host is refused by own-hosts.ts, with our headers.
  const forRequests = { requestTimeout, connectionsCheckingInterval, requireHostHeader: false }
  const secure = createSecureServer(
    { ...certificates.pair, minVersion, handshakeTimeout: handshakeMs, ...forRequests },
    handler,
  )
  const clear = createClearServer(forRequests, handler)
  // Node watches over slow heads and bodies only on servers that listen; this one is handed its connections.
  clear.emit('listening')
  for (const event of ['upgrade', 'clientError', 'checkExpectation'] as const)
    clear.on(event, (...facts: unknown[]) => secure.emit(event, ...facts))

  const nameContexts = () => {
    for (const { names, pair } of certificates.named)
      for (const name of names) secure.addContext(name, { ...pair, minVersion })
  }
  nameContexts()
  certificates.onChange(() => {
    secure.setSecureContext({ ...certificates.pair, minVersion })
    nameContexts()
  })

  const open = new Set<HeldSocket>()
  const [startTls] = secure.listeners('connection')
  secure.removeAllListeners('connection')
  secure.on('connection', (socket: HeldSocket) => {
    if (!options.admit(socket)) return
    open.add(socket)
    socket.once('close', () => open.delete(socket))
    awaitFirstByte(socket, options.firstByteMs ?? 10_000, (first) => {
      if (first === tlsHandshake) return startTls?.call(secure, socket)
      clear.emit('connection', socket)
      return socket.resume() // TLS reads what was put back by itself, HTTP listens for it.
    })
  })
  const closeSecure = secure.closeAllConnections.bind(secure)
  secure.closeAllConnections = () => {
    closeSecure()
    clear.closeAllConnections()
    clear.close()
    for (const socket of open) socket.destroy() // Those that said nothing yet, or are in the middle of a handshake.
  }
  return secure
}

/** The byte is put back, so that whoever gets the socket reads from the beginning. */
function awaitFirstByte(socket: HeldSocket, limitMs: number, settle: (first: number) => unknown): void {
  const giveUp = () => socket.destroy()
  const timer = setTimeout(giveUp, limitMs)
  socket.on('error', giveUp)
  socket.once('close', () => clearTimeout(timer))
  socket.once('data', (chunk: Buffer) => {
    clearTimeout(timer)
    socket.off('error', giveUp)
    socket.pause()
    socket.unshift(chunk)
    settle(chunk[0] ?? 0)
  })
}
