/**
 * Answers that are as long as their reader is slow (the whole audit log, the log's files), so that they end with the session that
 * asked for them (SECURITY.md R3): app.ts asks every second which of `sessionIds` are over and calls endSession.
 */
import type { HttpReply, HttpRequest } from './http.ts'

export class OpenAnswers {
  readonly #open = new Map<HttpReply, string>()

  /** Until it is sent or its reader hung up. */
  readonly hold = (request: HttpRequest, reply: HttpReply): void => {
    this.#open.set(reply, request.caller.sessionId)
    reply.raw.once('close', () => this.#open.delete(reply))
  }

  get sessionIds(): string[] {
    return [...new Set(this.#open.values())]
  }

  endSession(sessionId: string): void {
    for (const [reply, session] of this.#open) if (session === sessionId) reply.raw.destroy()
  }
}

export type HoldAnswer = OpenAnswers['hold']
