/** The one error handler: an expected failure becomes its code and sentence, a bug becomes `internal` and a log line. */
import { STATUS_CODES } from 'node:http'
import { type ErrorCode, errorStatus } from '@vedette/shared/errors.ts'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import { AppError } from '../lib/app-error.ts'
import type { Log } from '../lib/log.ts'
import type { Http, HttpReply, HttpRequest } from './http.ts'
import type { HeldSocket } from './limit-connections.ts'
import { fixedHeaders, headersOfEveryAnswer } from './security-headers.ts'

export function answerErrors(http: Http, log: Log): void {
  http.setErrorHandler((error: unknown, request, reply) => {
    const failure = toAppError(error, request)
    if (failure.code === 'internal')
      log.error({ err: error, requestId: request.id, route: request.routeOptions.url }, 'a request failed')
    // Headers of a download that had begun to be set must not stay on the error's JSON.
    for (const name of ['content-length', 'content-range', 'etag', 'content-disposition']) reply.removeHeader(name)
    if (failure.retryAfterS !== undefined) reply.header('retry-after', failure.retryAfterS)
    return reply
      .status(errorStatus[failure.code])
      .type('application/json; charset=utf-8')
      .header('cache-control', 'no-store')
      .serializer(JSON.stringify)
      .send({
        code: failure.code,
        message:
          failure.code === 'internal'
            ? 'Something went wrong in the server. Its log has the details under this request id.'
            : failure.message,
        requestId: request.id,
        ...(failure.field === undefined ? {} : { field: failure.field }),
      })
  })
  http.setNotFoundHandler((_request, _reply) => {
    throw new AppError('not_found', 'There is nothing here.')
  })
}

/** For addresses that find no route because they cannot be read at all: no hook runs for them. */
export function answerUnreadable(_error: unknown, request: HttpRequest, reply: HttpReply): void {
  reply.code(400).headers(headersOfEveryAnswer(request)).type('application/json; charset=utf-8')
  reply.send(JSON.stringify({ code: 'bad_request', message: 'The address cannot be read.', requestId: request.id }))
}

/** For bytes that are no request at all: there is nothing to be known of them, so the answer says nothing else. */
export function answerUnparsed(newRequestId: () => string) {
  return (error: Error & { readonly code?: string }, socket: HeldSocket): void => {
    if (error.code === 'ECONNRESET' || socket.destroyed) return
    const status = unparsedStatus[error.code ?? ''] ?? 400
    const requestId = newRequestId()
    const body = JSON.stringify({ code: 'bad_request', message: 'This is no request that can be read.', requestId })
    const headers = {
      ...fixedHeaders,
      'x-request-id': requestId,
      'content-type': 'application/json; charset=utf-8',
      'content-length': body.length,
    }
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
    if (socket.writable)
      socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nconnection: close\r\n${lines.join('')}\r\n${body}`)
    socket.destroy(error)
  }
}

const unparsedStatus: Record<string, number | undefined> = { ERR_HTTP_REQUEST_TIMEOUT: 408, HPE_HEADER_OVERFLOW: 431 }

function toAppError(error: unknown, request: HttpRequest): AppError {
  if (error instanceof AppError) return error
  if (hasZodFastifySchemaValidationErrors(error)) {
    const first = error.validation[0]
    const path = first?.instancePath.split('/').filter(Boolean).join('.') ?? ''
    const keys: unknown = first?.params && 'keys' in first.params ? first.params.keys : undefined
    const field = path || (Array.isArray(keys) ? String(keys[0]) : '') || undefined
    return new AppError(
      'bad_request',
      `${field ?? 'The request'}: ${first?.message ?? 'not understood'}.`,
      field ? { field } : {},
    )
  }
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500
  const code = fastifyCodes[status]
  if (code === 'payload_too_large') {
    const { bodyLimit } = request.routeOptions
    return new AppError(code, `The request is too large: what is sent here has at most ${bodyLimit} bytes.`)
  }
  return code
    ? new AppError(code, sentences[code] ?? 'The request was not understood.')
    : new AppError('internal', 'internal', { cause: error })
}

const fastifyCodes: Record<number, ErrorCode | undefined> = {
  400: 'bad_request',
  404: 'not_found',
  405: 'not_found',
  413: 'payload_too_large',
  414: 'payload_too_large',
  415: 'unsupported_media_type',
}
const sentences: Partial<Record<ErrorCode, string>> = {
  not_found: 'There is nothing here.',
  unsupported_media_type: 'Send the body as application/json.',
}
