/**
 * Requests to the server: JSON in and out, answers parsed by the shared schemas, refusals as ApiError.
 *
 * Not here: what to ask for (cameras.ts, volumes.ts …), pushed facts (updates.ts).
 */
import { type ErrorCode, errorBody } from '@vedette/shared/errors.ts'
import type { z } from 'zod'
import { askForFreshPassword } from './fresh-password.ts'

/** `offline`: no answer came. `bad_answer`: the page and the server are of different versions. */
export type ApiErrorCode = ErrorCode | 'offline' | 'bad_answer'

/** A refused or failed request. `message` is the server's plain sentence; empty where the server did not speak. */
export class ApiError extends Error {
  readonly code: ApiErrorCode
  readonly field: string | undefined
  readonly requestId: string | undefined

  constructor(code: ApiErrorCode, message = '', options: { field?: string; requestId?: string; cause?: unknown } = {}) {
    super(message, { cause: options.cause })
    this.name = 'ApiError'
    this.code = code
    this.field = options.field
    this.requestId = options.requestId
  }
}

type QueryValue = string | number | boolean | readonly string[] | null | undefined

interface Request<Out extends z.ZodType> {
  readonly path: string
  /** Schema of the answer; without one the answer's body is not read. */
  readonly out?: Out
  readonly query?: Readonly<Record<string, QueryValue>>
  readonly signal?: AbortSignal | undefined
}
type Change<Out extends z.ZodType> = Request<Out> & { readonly body?: unknown }
type Answer<Out extends z.ZodType> = Promise<z.output<Out>>

export const get = <Out extends z.ZodType>(request: Request<Out>): Answer<Out> => send('GET', request)
export const post = <Out extends z.ZodType>(request: Change<Out>): Answer<Out> => send('POST', request)
export const patch = <Out extends z.ZodType>(request: Change<Out>): Answer<Out> => send('PATCH', request)
export const put = <Out extends z.ZodType>(request: Change<Out>): Answer<Out> => send('PUT', request)
export const del = <Out extends z.ZodType>(request: Change<Out>): Answer<Out> => send('DELETE', request)

/** An answer whose body and headers the caller reads itself, e.g. a range of a recording. Refusals are ApiErrors as everywhere. */
export async function getBytes(
  path: string,
  { signal, headers }: { signal?: AbortSignal | undefined; headers?: Readonly<Record<string, string>> },
): Promise<Response> {
  return answered(() => ask('GET', { path, signal }, headers))
}

/** The same for what is asked for with a body. */
export const postForBytes = (request: { readonly path: string; readonly body: unknown }): Promise<Response> =>
  answered(() => ask('POST', request))

/** Sends a file as it is, to a route that takes one. */
export async function sendFile<Out extends z.ZodType>(
  request: Request<Out> & { readonly out: Out },
  file: Blob,
  headers?: Readonly<Record<string, string>>,
): Answer<Out> {
  return readAnswer(request, await answered(() => ask('POST', { ...request, body: file }, headers)))
}

/** `path` with its query; lists repeat their key, null and undefined are left out. */
export function withQuery(path: string, query: Readonly<Record<string, QueryValue>> = {}): string {
  const search = new URLSearchParams()
  for (const [key, value] of Object.entries(query)) {
    if (value === undefined || value === null) continue
    for (const one of Array.isArray(value) ? value : [value]) search.append(key, String(one))
  }
  return search.size ? `${path}?${search}` : path
}

async function send<Out extends z.ZodType>(method: string, request: Change<Out>): Answer<Out> {
  const response = await answered(() => ask(method, request))
  if (!request.out) return undefined as z.output<Out>
  return readAnswer({ ...request, out: request.out }, response)
}

async function readAnswer<Out extends z.ZodType>(
  request: { readonly path: string; readonly out: Out },
  response: Response,
): Answer<Out> {
  const body: unknown = await response.json().catch(() => undefined)
  const parsed = request.out.safeParse(body)
  if (!parsed.success) {
    console.warn(`${request.path}: an answer of another version`, parsed.error)
    throw new ApiError('bad_answer', '', { cause: parsed.error })
  }
  return parsed.data
}

/** The accepted answer. Asks for the password and sends once more where the server wants it given lately. */
async function answered(sendIt: () => Promise<Response>): Promise<Response> {
  const first = await sendIt()
  // 304 is an answer to those who asked with an ETag, and to nobody else.
  if (first.ok || first.status === 304) return first
  const refused = await refusal(first)
  if (refused.code !== 'reauthentication_required' || !(await askForFreshPassword())) throw refused
  const second = await sendIt()
  if (!second.ok) throw await refusal(second)
  return second
}

async function ask(
  method: string,
  { path, query, signal, body }: Change<z.ZodType>,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  // Every change of state says JSON, also with an empty body: the server refuses what a foreign form could send.
  const file = body instanceof Blob ? body : undefined
  const type = file ? 'application/octet-stream' : 'application/json'
  const change =
    method === 'GET' ? { headers } : { headers: { ...headers, 'content-type': type }, body: file ?? json(body) }
  try {
    return await fetch(withQuery(path, query), { method, signal: signal ?? null, ...change })
  } catch (cause) {
    if (signal?.aborted) throw cause
    throw new ApiError('offline', '', { cause })
  }
}

function json(body: unknown): string {
  return JSON.stringify(body ?? {})
}

async function refusal(response: Response): Promise<ApiError> {
  const parsed = errorBody.safeParse(await response.json().catch(() => undefined))
  if (parsed.success) {
    const { code, message, field, requestId } = parsed.data
    return new ApiError(code, message, { requestId, ...(field !== undefined && { field }) })
  }
  // A proxy that cannot reach the server answers 502, 503 or 504 in its own words.
  return new ApiError(response.status >= 502 && response.status <= 504 ? 'offline' : 'internal')
}
