/** An RTSP server on loopback that answers as a test tells it, well or badly. It knows nothing by itself but framing. */
import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'

export interface ScriptedRequest {
  readonly method: string
  readonly uri: string
  readonly headers: ReadonlyMap<string, string>
  readonly text: string
}
/** What to answer: status line, headers and body without CSeq; undefined says nothing. */
export type Script = (request: ScriptedRequest, socket: Socket) => string | undefined

export class ScriptedRtspServer {
  readonly port: number
  readonly requests: ScriptedRequest[] = []
  readonly sockets: Socket[] = []
  readonly #close: () => Promise<unknown>

  private constructor(port: number, close: () => Promise<unknown>) {
    this.port = port
    this.#close = close
  }

  /** `onConnect` may write before any request. */
  static async open(script: Script, onConnect?: (socket: Socket) => void): Promise<ScriptedRtspServer> {
    const server = createServer()
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    const port = typeof address === 'object' && address ? address.port : 0
    const scripted = new ScriptedRtspServer(port, () => {
      for (const socket of scripted.sockets) socket.destroy()
      return new Promise((resolve) => server.close(resolve))
    })
    server.on('connection', (socket) => {
      scripted.sockets.push(socket)
      socket.on('error', () => {})
      onConnect?.(socket)
      let waiting = ''
      socket.on('data', (bytes) => {
        waiting += bytes.toString('latin1')
        for (let end = waiting.indexOf('\r\n\r\n'); end >= 0; end = waiting.indexOf('\r\n\r\n')) {
          const request = readRequest(waiting.slice(0, end))
          waiting = waiting.slice(end + 4)
          scripted.requests.push(request)
          const answer = script(request, socket)
          const [first = '', ...rest] = answer?.split('\r\n') ?? []
          if (answer !== undefined) socket.write([first, `CSeq: ${request.headers.get('cseq')}`, ...rest].join('\r\n'))
        }
      })
    })
    return scripted
  }

  get methods(): string[] {
    return this.requests.map((request) => request.method)
  }

  async close(): Promise<void> {
    await this.#close()
  }
}

/** Status line, headers, body; the length is added. */
export function rtspAnswer(status: number, headers: Record<string, string> = {}, body = ''): string {
  const lines = Object.entries({ ...headers, ...(body && { 'Content-Length': String(body.length) }) })
  return `RTSP/1.0 ${status} Status\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`
}

/** What a well-behaved camera with this description answers. */
export function goodCamera(sdp: string, onPlay?: (socket: Socket) => void): Script {
  return ({ method, uri, headers }, socket) => {
    if (method === 'DESCRIBE')
      return rtspAnswer(200, { 'Content-Base': `${uri}/`, 'Content-Type': 'application/sdp' }, sdp)
    if (method === 'SETUP') {
      return rtspAnswer(200, { Session: '12345678;timeout=60', Transport: headers.get('transport') ?? '' })
    }
    if (method.startsWith('RTSP/')) return undefined // An answer to a question of ours.
    if (method === 'PLAY') setImmediate(() => onPlay?.(socket))
    return rtspAnswer(200, { Public: 'OPTIONS, DESCRIBE, SETUP, PLAY, GET_PARAMETER, TEARDOWN' })
  }
}

function readRequest(text: string): ScriptedRequest {
  const [first = '', ...lines] = text.split('\r\n')
  const [method = '', uri = ''] = first.split(' ')
  const headers = new Map(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  )
  return { method, uri, headers, text }
}
