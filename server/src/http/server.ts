/**
 * The HTTP server: Fastify with schemas, the guard, security headers, the error handler and the web app's files.
 * Not here: what any route does (x-routes.ts in the rooms), who somebody is (auth/).
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import cookie from '@fastify/cookie'
import fastifyStatic from '@fastify/static'
import websocket from '@fastify/websocket'
import fastify, { type FastifyServerFactory, type RawServerDefault } from 'fastify'
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod'
import type { Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import { newId } from '../lib/new-id.ts'
import { answerErrors, answerUnparsed, answerUnreadable } from './answer-errors.ts'
import { type GuardDeps, guard } from './guard.ts'
import type { Http } from './http.ts'
import { type ConnectionLimits, connectionLimits, limitConnections } from './limit-connections.ts'
import { type BothOptions, listenBoth, type ServedCertificates } from './listen-both.ts'
import { refuseUnknownHosts } from './own-hosts.ts'
import { proveOrigin } from './prove-origin.ts'
import { isOfApi, requireHttps } from './require-https.ts'
import { securityHeaders } from './security-headers.ts'
import { strictInputs } from './strict-inputs.ts'
import { believeProxies, type IsProxy, trustPeer } from './trusted-proxies.ts'

export interface HttpOptions {
  readonly guard: GuardDeps
  /** Names that this server answers to besides loopback's, as a Host header writes them, without port. */
  readonly hosts: () => readonly string[]
  /** Folder of the built web app; without it only the API answers. */
  readonly webDir: string
  /** HTTPS with these; without them clear HTTP, for loopback only. */
  readonly certificates?: ServedCertificates | undefined
  /** TLS proxies whose word counts; nobody without it. */
  readonly isProxy?: IsProxy | undefined
  readonly clock: Clock
  readonly log: Log
  readonly connections?: ConnectionLimits
  /** How long a new connection may say nothing, where its first byte tells TLS from clear HTTP. */
  readonly firstByteMs?: number
}

const requestTimeoutMs = 30_000

/** An HTTP server without routes; rooms add theirs, then `listen`. */
export async function openHttp(options: HttpOptions): Promise<Http> {
  const { certificates, isProxy = () => false } = options
  const admit = limitConnections(options.connections ?? connectionLimits, isProxy)
  const newRequestId = () => newId(options.clock.nowMs())
  const http: Http = fastify({
    ...(certificates && {
      serverFactory: secureFactory({ certificates, admit, requestTimeoutMs, firstByteMs: options.firstByteMs }),
    }),
    logger: false,
    trustProxy: trustPeer(isProxy),
    bodyLimit: 256 * 1024,
    requestTimeout: requestTimeoutMs,
    forceCloseConnections: true,
    // Node would refuse a request without a host by itself, without any of our headers; own-hosts.ts does.
    http: { requireHostHeader: false },
    genReqId: newRequestId,
    frameworkErrors: answerUnreadable,
    clientErrorHandler: answerUnparsed(newRequestId),
    routerOptions: { ignoreTrailingSlash: false, maxParamLength: 200 },
    // Prototype keys are refused, not removed (SECURITY.md R19).
    onProtoPoisoning: 'error',
    onConstructorPoisoning: 'error',
  }).withTypeProvider<ZodTypeProvider>()
  if (!certificates) http.server.on('connection', admit)
  // Likewise one that expects something else than to go on.
  http.server.on('checkExpectation', (request, response) => http.routing(request, response))
  http.setValidatorCompiler(validatorCompiler)
  http.setSerializerCompiler(serializerCompiler)
  // Before every hook that refuses: it alone ends the sockets of refused upgrades, which otherwise stay open for ever.
  await http.register(websocket, { options: { maxPayload: 64 * 1024, perMessageDeflate: false } })
  answerErrors(http, options.log)
  believeProxies(http, isProxy)
  securityHeaders(http)
  refuseUnknownHosts(http, options.hosts)
  requireHttps(http, { hasTls: certificates !== undefined, hasProxies: options.isProxy !== undefined })
  proveOrigin(http)
  await http.register(cookie)
  strictInputs(http)
  guard(http, options.guard, options.clock)
  await serveWebApp(http, options.webDir)
  return http
}

function secureFactory(both: BothOptions): FastifyServerFactory<RawServerDefault> {
  return (handler) => listenBoth(handler, both)
}

async function serveWebApp(http: Http, webDir: string): Promise<void> {
  const indexPath = join(webDir, 'index.html')
  if (!existsSync(indexPath)) return
  const index = readFileSync(indexPath)
  // The build leaves a .br and a .gz beside each file.
  await http.register(fastifyStatic, { root: webDir, serve: false, preCompressed: true })
  const access = { kind: 'public' } as const
  http.get('/assets/*', { config: { access } }, (request, reply) =>
    reply.sendFile(`assets/${(request.params as { '*': string })['*']}`, { maxAge: '365d', immutable: true }),
  )
  for (const file of ['favicon.svg', 'manifest.webmanifest'])
    if (existsSync(join(webDir, file))) http.get(`/${file}`, { config: { access } }, (_, reply) => reply.sendFile(file))
  // Every other page address is the web app's own; the API's unknown addresses stay 404.
  http.get('/*', { config: { access } }, (request, reply) =>
    isOfApi(request)
      ? reply.callNotFound()
      : reply.header('cache-control', 'no-cache').type('text/html; charset=utf-8').send(index),
  )
}
