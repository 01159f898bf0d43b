/**
 * Whose bytes ended vision: a file without a name that parent and child share. The child writes a camera's number there before
 * native code sees its bytes, or when it ends itself because that camera's pictures grew it; what it wrote outlives it.
 * Invariant: nobody is blamed for an end that vision's parent brought about, or that came while no camera's bytes were looked at.
 */
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Log } from '../lib/log.ts'

const maxCrashes = 3
/** Crashes in a row are what counts: after running this long they are forgotten. */
const forgiveMs = 600_000
/** Cameras that are known by number; more than anybody has, and the oldest number is given anew. */
const maxIndexes = 65_536

export class Blame {
  /** The child's descriptor 5. */
  readonly file = openMarkFile()
  readonly #log: Log
  readonly #indexes = new Map<string, number>()
  readonly #crashes = new Map<string, number>()
  #nextIndex = 0

  constructor(log: Log) {
    this.#log = log
  }

  /** A camera's number in the mark, for as long as this process lives. */
  indexOf(cameraId: string): number {
    const known = this.#indexes.get(cameraId)
    if (known !== undefined) return known
    const index = this.#nextIndex++ % maxIndexes
    for (const [other, taken] of this.#indexes) if (taken === index) this.#indexes.delete(other)
    this.#indexes.set(cameraId, index)
    return index
  }

  /** Cameras that are watched no more because they ended vision too often. */
  get givenUp(): string[] {
    return [...this.#crashes.keys()].filter((cameraId) => this.isGivenUp(cameraId))
  }
  isGivenUp(cameraId: string): boolean {
    return (this.#crashes.get(cameraId) ?? 0) >= maxCrashes
  }
  forgive(cameraId: string): void {
    this.#crashes.delete(cameraId)
  }

  /** Before a new child. */
  clear(): void {
    writeSync(this.file, Buffer.alloc(4), 0, 4, 0)
  }

  /** It ended by itself after `ranMs`: because of whom? */
  judge(ranMs: number): void {
    if (ranMs > forgiveMs)
      for (const cameraId of this.#crashes.keys()) if (!this.isGivenUp(cameraId)) this.forgive(cameraId)
    const mark = Buffer.alloc(4)
    readSync(this.file, mark, 0, 4, 0)
    const index = mark.readUInt32LE() - 1
    const [cameraId] = [...this.#indexes].find(([, taken]) => taken === index) ?? []
    if (cameraId === undefined) return
    const crashes = (this.#crashes.get(cameraId) ?? 0) + 1
    this.#crashes.set(cameraId, crashes)
    const isGivenUp = this.isGivenUp(cameraId)
    this.#log.error({ camera: cameraId, crashes, isGivenUp }, 'this camera’s pictures ended vision')
  }

  close(): void {
    closeSync(this.file)
  }
}

function openMarkFile(): number {
  const folder = mkdtempSync(join(tmpdir(), 'vedette-mark-'))
  try {
    return openSync(join(folder, 'mark'), 'wx+', 0o600)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
