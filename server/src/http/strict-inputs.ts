/**
 * Every input of the API has a schema (SECURITY.md R19): a route that names none for its query or body takes none, and is
 * not handed what was sent all the same. What anybody may send without signing in is small. Compressed bodies are refused before a byte is read: nothing here unpacks anything.
 */
import { z } from 'zod'
import { AppError } from '../lib/app-error.ts'
import type { Http } from './http.ts'

const nothing = z.strictObject({})
/** A name and a password of the longest, every character escaped, are 7.8 kB. */
const publicBodyBytes = 8192
const methodsWithBody = ['POST', 'PUT', 'PATCH', 'DELETE']

/** Before any route of the API is added. */
export function strictInputs(http: Http): void {
  http.addHook('onRoute', (route) => {
    if (route.config?.access?.kind === 'public') route.bodyLimit ??= publicBodyBytes
    if (!route.url.startsWith('/api/')) return
    const takesBody = [route.method].flat().some((method) => methodsWithBody.includes(method))
    route.schema = {
      querystring: nothing,
      ...(takesBody && { body: nothing.nullish() }),
      ...route.schema,
    }
  })
  http.addHook('onRequest', async (request) => {
    const encoding = request.headers['content-encoding']
    if (encoding !== undefined && encoding.toLowerCase() !== 'identity')
      throw new AppError('unsupported_media_type', 'Send the body as it is, not compressed.')
  })
}
