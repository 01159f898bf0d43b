/** The facts pushed to open pages: who listens, and what each may see. */
import type { Update } from '@vedette/shared/system.ts'
import type { CameraList } from '../http/http.ts'

export interface Listener {
  readonly sessionId: string
  readonly view: CameraList
  readonly replay: CameraList
  readonly send: (update: Update) => void
  readonly end: () => void
}

export class Updates {
  #listeners = new Set<Listener>()

  publish(update: Update): void {
    for (const listener of this.#listeners) if (maySee(listener, update)) listener.send(update)
  }
  /** Returns the function that takes the listener away. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
  get sessionIds(): string[] {
    return [...new Set([...this.#listeners].map((listener) => listener.sessionId))]
  }
  endSession(sessionId: string): void {
    for (const listener of this.#listeners) if (listener.sessionId === sessionId) listener.end()
  }
  close(): void {
    for (const listener of this.#listeners) listener.end()
    this.#listeners.clear()
  }
}

function maySee(listener: Listener, update: Update): boolean {
  const includes = (list: CameraList, cameraId: string) => list === 'all' || list.includes(cameraId)
  if (update.kind === 'cameras_changed') return true
  if (update.kind === 'camera') return includes(listener.view, update.cameraId)
  return includes(listener.replay, update.kind === 'event' ? update.event.cameraId : update.cameraId)
}
