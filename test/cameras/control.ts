/**
 * The simulated cameras' control port, HTTP on loopback, JSON:
 * GET /cameras lists them with their counts; POST /cameras/<n>/faults applies one fault (fault.ts) to camera n, or to `all`.
 */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { fault } from './fault.ts'
import type { SimulatedCamera } from './simulated-camera.ts'

export async function openControl(cameras: readonly SimulatedCamera[], port: number) {
  const server = createServer((request, response) => {
    answer(cameras, request)
      .then((body) => send(response, 200, body))
      .catch((error: unknown) => send(response, 400, { message: String(error) }))
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return {
    address: `http://127.0.0.1:${typeof address === 'object' ? address?.port : port}`,
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

async function answer(cameras: readonly SimulatedCamera[], request: IncomingMessage): Promise<unknown> {
  if (request.method === 'GET' && request.url === '/cameras') {
    return cameras.map((camera) => ({ main: camera.address('main'), ...camera.counts() }))
  }
  const [, which = ''] = /^\/cameras\/(\d+|all)\/faults$/.exec(request.url ?? '') ?? []
  const chosen = which === 'all' ? cameras : cameras.slice(Number(which), Number(which) + 1)
  if (request.method !== 'POST' || which === '' || chosen.length === 0) throw new Error('no such thing')
  const wanted = fault.parse(JSON.parse(await text(request)))
  await Promise.all(chosen.map((camera) => camera.apply(wanted)))
  return { applied: wanted, cameras: chosen.length }
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(`${JSON.stringify(body)}\n`)
}
