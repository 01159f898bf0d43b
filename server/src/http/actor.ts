/** Who did something, for the audit log. */
import type { HttpRequest } from './http.ts'

export interface Actor {
  readonly userId: string | null
  readonly username: string
  readonly address: string
}

/** The caller of an authorised request; a token is named beside its user. */
export function actorOf(request: HttpRequest): Actor {
  const { userId, username, token, sessionId } = request.caller
  return { userId, username: token ? `${username} (token ${sessionId})` : username, address: request.ip }
}
