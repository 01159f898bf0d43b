/**
 * RTSP/1.0 messages as text (RFC 2326): requests are written, heads of answers are read.
 * Text from the camera is handled byte for byte (latin1), so that a nonce or an address goes back as it came.
 * Invariant: nothing that enters a request can end its line, whoever chose it.
 */
import { AppError } from '../lib/app-error.ts'

export const maxHeadBytes = 16 * 1024
export const maxBodyBytes = 64 * 1024
const maxHeaders = 100

export interface RtspMessage {
  /** undefined: the camera asks something of us. */
  readonly status: number | undefined
  /** By lower-case name; a repeated header has several values. */
  readonly headers: ReadonlyMap<string, readonly string[]>
  readonly body: string
}

export type RtspMethod = 'OPTIONS' | 'DESCRIBE' | 'SETUP' | 'PLAY' | 'GET_PARAMETER' | 'TEARDOWN'

/** Throws camera_unsupported when a value that came from the camera cannot stand in a line. */
export function writeRequest(method: RtspMethod, uri: string, headers: Readonly<Record<string, string>>): Buffer {
  if (!/^[\x21-\xff]{1,4096}$/.test(uri)) throw unwritable()
  let text = `${method} ${uri} RTSP/1.0\r\n`
  for (const [name, value] of Object.entries(headers)) {
    if (value.length > 4096 || /[^\x20-\x7e\x80-\xff]/.test(value)) throw unwritable()
    text += `${name}: ${value}\r\n`
  }
  return Buffer.from(`${text}User-Agent: Vedette\r\n\r\n`, 'latin1')
}

/** To whatever the camera asks: no. `cseq` is the camera's text and is only repeated when it is a number. */
export function writeRefusal(cseq: string | undefined): Buffer {
  const number = /^\d{1,10}$/.test(cseq ?? '') ? cseq : '0'
  return Buffer.from(`RTSP/1.0 501 Not Implemented\r\nCSeq: ${number}\r\n\r\n`)
}

/** Reads everything up to the empty line; the body is added by the reader. undefined when it is no head. */
export function readHead(head: string): { message: RtspMessage; bodyBytes: number } | undefined {
  const [first = '', ...lines] = head.split(/\r?\n/)
  const answer = /^RTSP\/1\.\d (\d{3})(?: |$)/.exec(first)
  if (!answer && !/^[A-Z_]{3,20} \S+ RTSP\/1\.\d$/.test(first)) return undefined
  if (lines.length > maxHeaders) return undefined
  const headers = new Map<string, string[]>()
  for (const line of lines) {
    const colon = line.indexOf(':')
    if (colon <= 0) continue // Cameras write odd things between headers; what is needed is looked up by name.
    const name = line.slice(0, colon).trim().toLowerCase()
    const values = headers.get(name)
    if (values) values.push(line.slice(colon + 1).trim())
    else headers.set(name, [line.slice(colon + 1).trim()])
  }
  const lengthText = headers.get('content-length')?.[0] ?? '0'
  const bodyBytes = /^\d{1,6}$/.test(lengthText) ? Number(lengthText) : Number.POSITIVE_INFINITY
  if (bodyBytes > maxBodyBytes) {
    throw new AppError('camera_unsupported', 'The camera’s answer is too long for a description of its streams.')
  }
  return { message: { status: answer ? Number(answer[1]) : undefined, headers, body: '' }, bodyBytes }
}

/** What answers is not a camera's stream; `first` is how its answer begins. */
export function notRtsp(first: string): AppError {
  return new AppError(
    'camera_not_rtsp',
    /^HTTP\//i.test(first)
      ? 'A web server answers at this address, not a camera’s video stream. RTSP is usually on port 554.'
      : 'What answers at this address does not speak RTSP. RTSP is usually on port 554.',
  )
}

function unwritable(): AppError {
  return new AppError('camera_unsupported', 'The camera describes its streams with characters that are not allowed.')
}
