/**
 * The web app's server for looking at pages in states that are hard to bring about (a refused password, a full disk,
 * sixty cameras): built pages, the real headers, answers from memory. What works is tested against the real server.
 */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize, resolve } from 'node:path'

const dist = resolve(import.meta.dirname, '../../web/dist')
const types: Record<string, string> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}
const policy =
  "default-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; connect-src 'self'; worker-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

/** Answers one request: JSON, a picture (string of SVG), or undefined for 404. Throw a Refusal for an error. */
export type Answer = (request: { method: string; path: string; query: URLSearchParams; body: unknown }) => unknown

export class Refusal extends Error {
  readonly status: number
  readonly code: string
  constructor(status: number, code: string, message: string) {
    super(message)
    this.status = status
    this.code = code
  }
}

export interface FakeApi {
  readonly url: string
  /** Pushes a fact to every open page. */
  push(update: unknown): void
  close(): Promise<void>
}

export async function openFakeApi(answer: Answer): Promise<FakeApi> {
  if (!existsSync(join(dist, 'index.html'))) throw new Error('web/dist is missing: run `npm run build` first.')
  const listeners = new Set<ServerResponse>()
  const server = createServer((request, response) => {
    response.setHeader('content-security-policy', policy)
    serve(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)))
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    push: (update) => {
      for (const listener of listeners) listener.write(`data: ${JSON.stringify(update)}\n\n`)
    },
    close: () =>
      new Promise((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://fake')
    if (url.pathname === '/api/updates') {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write('\n')
      listeners.add(response)
      response.on('close', () => listeners.delete(response))
    } else if (url.pathname.startsWith('/api/')) {
      const body: unknown = JSON.parse((await readBody(request)) || 'null')
      answerApi(response, () =>
        answer({ method: request.method ?? 'GET', path: url.pathname, query: url.searchParams, body }),
      )
    } else await sendFile(response, url.pathname)
  }
}

function answerApi(response: ServerResponse, run: () => unknown): void {
  try {
    const value = run()
    if (typeof value === 'string') response.writeHead(200, { 'content-type': 'image/svg+xml' }).end(value)
    else if (value === undefined) refuse(response, new Refusal(404, 'not_found', 'There is nothing here.'))
    else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value))
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    refuse(response, error)
  }
}

function refuse(response: ServerResponse, { status, code, message }: Refusal): void {
  response
    .writeHead(status, { 'content-type': 'application/json' })
    .end(JSON.stringify({ code, message, requestId: '01JD00000000000000000000RQ' }))
}

async function sendFile(response: ServerResponse, path: string): Promise<void> {
  const file = extname(path) === '' ? '/index.html' : normalize(path)
  const bytes = await readFile(join(dist, file)).catch(() => undefined)
  if (!bytes) response.writeHead(404).end()
  else response.writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream' }).end(bytes)
}

async function readBody(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request) text += chunk
  return text
}
