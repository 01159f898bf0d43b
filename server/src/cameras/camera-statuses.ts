/** What the recorder says of each camera, kept for pages and pushed to those who listen. In memory: it is about now. */
import type { CameraStatus } from '@vedette/shared/camera.ts'

export class CameraStatuses {
  #byId = new Map<string, CameraStatus>()
  #listeners = new Set<(cameraId: string, status: CameraStatus) => void>()

  /** The state of a camera that the recorder has not spoken of yet. */
  get(cameraId: string, enabled: boolean, nowMs: number): CameraStatus {
    return this.#byId.get(cameraId) ?? { ...unknownStatus, state: enabled ? 'connecting' : 'disabled', sinceMs: nowMs }
  }
  set(cameraId: string, status: CameraStatus): void {
    this.#byId.set(cameraId, status)
    for (const listener of this.#listeners) listener(cameraId, status)
  }
  forget(cameraId: string): void {
    this.#byId.delete(cameraId)
  }
  /** The recorder is gone: nothing that it said holds any more. */
  clear(): void {
    this.#byId.clear()
  }
  /** Returns the function that ends it. */
  onChange(listener: (cameraId: string, status: CameraStatus) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}

const unknownStatus = {
  problem: null,
  code: null,
  nextTryMs: null,
  recording: false,
  motion: false,
  byHandUntilMs: null,
  clockOffsetMs: null,
  main: null,
  sub: null,
}
