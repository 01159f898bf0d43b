/**
 * What is said before a stream flows: DESCRIBE, SETUP for each track, PLAY. Each step takes an open link and gives what
 * the next one needs; a refusal becomes an AppError with a sentence for the user.
 */
import { AppError } from '../lib/app-error.ts'
import type { RtspAddress } from './rtsp-address.ts'
import { formatAddress, trySplitAddress } from './rtsp-address.ts'
import type { RtspLink } from './rtsp-link.ts'
import type { RtspMessage, RtspMethod } from './rtsp-message.ts'
import { parseSdp, type Sdp } from './sdp.ts'

export type Description = { readonly sdp: Sdp; readonly base: string } | { readonly redirect: RtspAddress }

export async function describe(link: RtspLink, address: RtspAddress): Promise<Description> {
  const uri = formatAddress(address)
  const answer = await link.request('DESCRIBE', uri, { Accept: 'application/sdp' })
  const location = first(answer, 'location')
  if (isRedirect(answer) && location) return { redirect: readRedirect(location, address) }
  expectOk('DESCRIBE', answer)
  const base = first(answer, 'content-base') ?? first(answer, 'content-location') ?? uri
  return { sdp: parseSdp(answer.body), base: /^rtsps?:\/\//i.test(base) ? base : uri }
}

export interface SetupAnswer {
  /** Of the Transport header, by lower-case name: interleaved, server_port … */
  readonly transport: ReadonlyMap<string, string>
  readonly isInterleaved: boolean
  /** Seconds after which the camera forgets a silent session. */
  readonly timeoutS: number
}

/** Sets one track up and takes the session's id over into the link. */
export async function setup(link: RtspLink, uri: string, transport: string): Promise<SetupAnswer> {
  const answer = await link.request('SETUP', uri, { Transport: transport })
  // 461 by the book; 400 from servers that have never heard of the other transport.
  if (answer.status === 461 || answer.status === 400) {
    const isTcp = transport.includes('TCP')
    throw new AppError(
      'camera_unsupported',
      `The camera does not send over ${isTcp ? 'TCP. Try UDP' : 'UDP. Try TCP'}.`,
    )
  }
  expectOk('SETUP', answer)
  const [id = '', ...options] = (first(answer, 'session') ?? '').split(';').map((part) => part.trim())
  if (/^[\x21-\x7e]{1,256}$/.test(id)) link.setSession(id)
  const timeout = options.map((option) => /^timeout\s*=\s*(\d{1,6})$/i.exec(option)?.[1]).find((found) => found)
  const parts = (first(answer, 'transport') ?? transport).split(';', 32).map((part) => part.trim())
  const pairs = parts
    .map((part) => part.split('=', 2))
    .map(([name = '', value = '']) => [name.toLowerCase(), value] as const)
  const fields = new Map(pairs)
  return {
    transport: fields,
    isInterleaved: /^RTP\/AVP\/TCP$/i.test(parts[0] ?? '') || fields.has('interleaved'),
    timeoutS: Math.min(3600, Math.max(5, Number(timeout ?? 60))),
  }
}

export async function play(link: RtspLink, uri: string): Promise<void> {
  expectOk('PLAY', await link.request('PLAY', uri, { Range: 'npt=0.000-' }))
}

/** A control address may be absolute, `*`, or what is simply put behind the base, query or not (as all cameras mean it). */
export function resolveControl(base: string, control: string | undefined): string {
  if (!control || control === '*') return base
  if (/^rtsps?:\/\//i.test(control)) return control
  return `${base.replace(/\/$/, '')}/${control.replace(/^\//, '')}`
}

/** Two channel or port numbers, `4-5`; undefined when they are not there. */
export function readPair(text: string | undefined): readonly [number, number] | undefined {
  const pair = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text ?? '')
  return pair ? [Number(pair[1]), Number(pair[2] ?? Number(pair[1]) + 1)] : undefined
}

/** Throws the AppError for a status other than success. Nothing that the camera wrote is repeated. */
export function expectOk(method: RtspMethod, { status = 0 }: RtspMessage): void {
  if (status >= 200 && status < 300) return
  if (status === 401 || status === 403) {
    throw new AppError(
      'camera_unauthorized',
      'The camera refuses the user name or the password. Enter those that its own app or page takes.',
    )
  }
  if (status === 404 || status === 454) {
    throw new AppError(
      'camera_path_not_found',
      'The camera has no stream at this path. Look up the path for its model.',
    )
  }
  if (status === 453 || status === 503) {
    throw new AppError(
      'camera_unreachable',
      'The camera is busy: too many viewers are connected to it. Close one of them, such as its own app.',
    )
  }
  const code = status >= 500 ? 'camera_unreachable' : 'camera_unsupported'
  throw new AppError(code, `The camera answers ${method} with status ${status}.`)
}

function readRedirect(location: string, from: RtspAddress): RtspAddress {
  const target = trySplitAddress(location)
  if (typeof target === 'string') {
    throw new AppError('camera_unsupported', 'The camera sends us to another address, which cannot be read.')
  }
  const { host, port, path, tls } = target
  if (from.tls && !tls)
    throw new AppError('camera_unsupported', 'The camera sends us to an address without encryption.')
  return { host, port, path, tls }
}

const first = (message: RtspMessage, name: string) => message.headers.get(name)?.[0]
const isRedirect = ({ status = 0 }: RtspMessage) => status >= 300 && status < 400
