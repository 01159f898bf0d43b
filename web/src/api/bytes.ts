/** Requests whose answers are bytes (video, pictures): refusals are ApiErrors as everywhere. */
import { errorBody } from '@vedette/shared/errors.ts'
import { ApiError } from './http.ts'

export async function getBytes(
  path: string,
  { signal, headers = {} }: { signal: AbortSignal; headers?: Record<string, string> },
): Promise<Response> {
  let response: Response
  try {
    response = await fetch(path, { signal, headers })
  } catch (cause) {
    if (signal.aborted) throw cause
    throw new ApiError('offline', '', { cause })
  }
  if (response.ok) return response
  const refusal = errorBody.safeParse(await response.json().catch(() => undefined))
  if (refusal.success)
    throw new ApiError(refusal.data.code, refusal.data.message, { requestId: refusal.data.requestId })
  throw new ApiError(response.status >= 502 && response.status <= 504 ? 'offline' : 'internal')
}
