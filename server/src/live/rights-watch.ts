/**
 * What is open in somebody's name, live sockets and downloads, so that it ends when the right to it does (SECURITY.md R3).
 * app.ts asks every second which of `sessionIds` are over and calls endSession; changed rights end a user's sessions or
 * are found by `recheck`.
 */
import type { Caller, Right } from '../http/access.ts'

export interface Watched {
  readonly caller: Caller
  readonly cameraId: string
  readonly right: Right
  /** Called once, when the right is gone. */
  readonly onRevoked: () => void
}

/** Watches until the returned function is called. */
export type WatchRight = (watched: Watched) => () => void

export class RightsWatch {
  readonly #open = new Set<Watched>()

  readonly watch: WatchRight = (watched) => {
    this.#open.add(watched)
    return () => this.#open.delete(watched)
  }

  get sessionIds(): string[] {
    return [...new Set([...this.#open].map(({ caller }) => caller.sessionId))]
  }

  endSession(sessionId: string): void {
    this.#end((watched) => watched.caller.sessionId === sessionId)
  }

  endUser(userId: string): void {
    this.#end((watched) => watched.caller.userId === userId)
  }

  /** Asks again for everything that is open and ends what is no longer allowed. Throws what `isAllowed` throws. */
  async recheck(isAllowed: (watched: Watched) => Promise<boolean>): Promise<void> {
    for (const watched of [...this.#open]) if (!(await isAllowed(watched))) this.#end((other) => other === watched)
  }

  #end(matches: (watched: Watched) => boolean): void {
    for (const watched of [...this.#open].filter(matches)) {
      this.#open.delete(watched)
      watched.onRevoked()
    }
  }
}
