/** The facts pushed to open pages: who listens, and what each may see. */
import type { CameraStatus } from '@vedette/shared/camera.ts'
import type { Update } from '@vedette/shared/system.ts'
import type { Caller, RightNeeded } from '../http/access.ts'
import type { CameraList } from '../http/http.ts'

/** Cameras of a listener, by right. */
export interface ListenerReach {
  readonly any: CameraList
  readonly view: CameraList
  readonly replay: CameraList
}

export interface Listener {
  readonly caller: Caller
  readonly reach: ListenerReach
  readonly send: (update: Update) => void
  readonly end: () => void
}

/** A status for somebody who is no administrator, or may not look live. */
export type ShowStatus = (
  status: CameraStatus,
  reader: { readonly isAdmin: boolean; readonly mayView: boolean },
) => CameraStatus

export async function readReach(
  caller: Caller,
  camerasOf: (caller: Caller, right: RightNeeded) => Promise<CameraList>,
): Promise<ListenerReach> {
  const [any, view, replay] = await Promise.all([
    camerasOf(caller, 'any'),
    camerasOf(caller, 'view'),
    camerasOf(caller, 'replay'),
  ])
  return { any, view, replay }
}

export class Updates {
  readonly #showStatus: ShowStatus
  #listeners = new Set<{ listener: Listener; reach: ListenerReach }>()

  constructor(showStatus: ShowStatus) {
    this.#showStatus = showStatus
  }

  publish(update: Update): void {
    for (const { listener, reach } of this.#listeners) {
      const shown = this.#shownTo(listener.caller, reach, update)
      if (shown) listener.send(shown)
    }
  }
  /** Returns the function that takes the listener away. */
  listen(listener: Listener): () => void {
    const entry = { listener, reach: listener.reach }
    this.#listeners.add(entry)
    return () => this.#listeners.delete(entry)
  }
  get sessionIds(): string[] {
    return [...new Set([...this.#listeners].map(({ listener }) => listener.caller.sessionId))]
  }
  endSession(sessionId: string): void {
    for (const { listener } of this.#listeners) if (listener.caller.sessionId === sessionId) listener.end()
  }
  /** Rights may have changed: asks again for everybody, and has those ask for their cameras anew whose rights did. */
  async recheck(readNow: (caller: Caller) => Promise<ListenerReach>): Promise<void> {
    for (const entry of [...this.#listeners]) {
      const reach = await readNow(entry.listener.caller)
      if (JSON.stringify(reach) === JSON.stringify(entry.reach)) continue
      entry.reach = reach
      entry.listener.send({ kind: 'cameras_changed' })
    }
  }
  close(): void {
    for (const { listener } of this.#listeners) listener.end()
    this.#listeners.clear()
  }

  /** What of an update this listener may have; undefined: nothing. */
  #shownTo(caller: Caller, reach: ListenerReach, update: Update): Update | undefined {
    const includes = (list: CameraList, cameraId: string) => list === 'all' || list.includes(cameraId)
    switch (update.kind) {
      case 'cameras_changed':
        return update
      case 'camera': {
        if (!includes(reach.any, update.cameraId)) return undefined
        const reader = { isAdmin: caller.role === 'admin', mayView: includes(reach.view, update.cameraId) }
        return { ...update, status: this.#showStatus(update.status, reader) }
      }
      case 'event':
        return includes(reach.replay, update.event.cameraId) ? update : undefined
      case 'recorded':
        return includes(reach.replay, update.cameraId) ? update : undefined
      default:
        return undefined
    }
  }
}
