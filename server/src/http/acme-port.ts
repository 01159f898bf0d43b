/**
 * A second, clear port for ACME authorities, which always ask on port 80: it answers challenges and sends pages to HTTPS.
 * Nothing else can be reached through it.
 */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AcmeChallenges } from './acme-challenges.ts'
import { loopbackHosts, nameOfHost } from './own-hosts.ts'

export interface AcmePortOptions {
  readonly port: number
  readonly host: string
  readonly challenges: AcmeChallenges
  readonly hosts: () => readonly string[]
  /** Where HTTPS is. */
  readonly securePort: () => number
}

const prefix = '/.well-known/acme-challenge/'
const maxConnections = 64

/** Returns how to close it, and its port. Throws what listening throws. */
export async function openAcmePort(options: AcmePortOptions): Promise<{ port: number; close: () => Promise<void> }> {
  const { challenges, hosts, securePort } = options
  const server = createServer(
    { requestTimeout: 5000, headersTimeout: 5000, keepAliveTimeout: 1, connectionsCheckingInterval: 1000 },
    (request, reply) => {
      const { url = '', method } = request
      const name = nameOfHost(request.headers.host ?? '')
      const isKnown = loopbackHosts.includes(name) || hosts().includes(name)
      const answer = url.startsWith(prefix) ? challenges.find(url.slice(prefix.length)) : undefined
      reply.setHeader('x-content-type-options', 'nosniff').setHeader('cache-control', 'no-store')
      if (method !== 'GET' || !isKnown || !url.startsWith('/')) reply.writeHead(404).end()
      else if (answer !== undefined) reply.writeHead(200, { 'content-type': 'application/octet-stream' }).end(answer)
      else if (url.startsWith(prefix) || url.startsWith('/api/')) reply.writeHead(404).end()
      else reply.writeHead(308, { location: `https://${name}${portOf(securePort())}${url}` }).end()
    },
  )
  server.maxConnections = maxConnections
  server.listen(options.port, options.host)
  await once(server, 'listening')
  const address = server.address()
  return {
    port: address && typeof address === 'object' ? address.port : options.port,
    close: async () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

const portOf = (port: number) => (port === 443 ? '' : `:${port}`)
