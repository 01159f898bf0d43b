/** A Vedette whose footage lies on a small disk of its own, with one simulated camera: for tests of disks in trouble. */
import { statfsSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type ReceiptView, receiptPage, type VolumeView, volumeList } from '@vedette/shared/storage.ts'
import { expect, vi } from 'vitest'
import { SimulatedCamera } from '../cameras/simulated-camera.ts'
import { type Mount, mountTmpfs } from './mounts.ts'
import { RunningVedette } from './running-vedette.ts'
import { expectSound, type Index, segmentFiles } from './soundness.ts'
import { allRecording, lightCamera, patience, sentOnDisk } from './vedette-processes.ts'

export const megabyte = 1_000_000

export class FootageDisk {
  readonly mount: Mount
  readonly camera: SimulatedCamera
  readonly vedette: RunningVedette
  readonly #cameraId: string

  private constructor(mount: Mount, camera: SimulatedCamera, vedette: RunningVedette, cameraId: string) {
    this.mount = mount
    this.camera = camera
    this.vedette = vedette
    this.#cameraId = cameraId
  }

  /** Resolves when it records. */
  static async open(megabytes: number): Promise<FootageDisk> {
    const mount = mountTmpfs(megabytes)
    const camera = await SimulatedCamera.open(lightCamera)
    const vedette = await RunningVedette.open({ environment: { VEDETTE_FOOTAGE: mount.path } })
    await vedette.setUp()
    const { id } = await vedette.addCamera({
      ...{ name: 'Yard', address: camera.address('main') },
      motion: { enabled: false },
    })
    await allRecording(vedette)
    return new FootageDisk(mount, camera, vedette, id)
  }

  async close(): Promise<void> {
    await this.vedette.close()
    await this.camera.close()
    this.mount.close()
  }

  get freeBytes(): number {
    const { bavail, bsize } = statfsSync(this.mount.path)
    return bavail * bsize
  }
  get segments(): readonly string[] {
    return segmentFiles(this.mount.path)
  }

  async volume(): Promise<VolumeView> {
    const [volume] = volumeList.parse(await this.vedette.call('GET', '/api/volumes')).volumes
    return volume ?? expect.fail('there is a volume')
  }

  async receipts(): Promise<ReceiptView[]> {
    return receiptPage.parse(await this.vedette.call('GET', '/api/receipts')).receipts
  }

  /** Resolves when newer frames are on disk than now, whatever is deleted meanwhile. */
  async recordsOn(): Promise<void> {
    const newestMs = () => Math.max(0, ...sentOnDisk(this.mount.path, 'yard'))
    const lastMs = newestMs()
    await vi.waitFor(() => expect(newestMs()).toBeGreaterThan(lastMs + 1500), patience)
  }

  /**
   * Changes the camera whenever a segment has some megabytes, which ends it: each would be a minute long otherwise.
   * Gives all segments that there were, in order, when `isEnough` does not throw any more.
   */
  async recordSegments(isEnough: (paths: readonly string[]) => void): Promise<readonly string[]> {
    await this.camera.apply({ do: 'inflate', stream: 'main', mbitPerS: 80 })
    const seen = new Set<string>()
    let [cut, cuts] = ['', 0]
    await vi.waitFor(
      async () => {
        const paths = this.segments
        for (const path of paths) seen.add(path)
        const newest = paths.at(-1) ?? ''
        if (newest !== cut && statSync(join(this.mount.path, newest)).size > 8 * megabyte) {
          cut = newest
          cuts += 1
          await this.vedette.call('PATCH', `/api/cameras/${this.#cameraId}`, { preRollMs: 5000 + cuts })
        }
        isEnough([...seen])
      },
      { timeout: 50_000, interval: 200 },
    )
    return [...seen].sort()
  }

  /** Another program's file takes all that is left; gives its path. */
  fillUp(): string {
    const path = join(this.mount.path, 'something-else')
    const block = Buffer.alloc(megabyte)
    writeFileSync(path, '')
    while (this.freeBytes > megabyte) writeFileSync(path, block, { flag: 'a' })
    return path
  }

  /** Ends Vedette and looks at everything that it left. */
  async endsSound(): Promise<Index> {
    expect(await this.vedette.stop()).toBe(0)
    return expectSound({ dataDir: this.vedette.dataDir, footageDir: this.mount.path, isShortened: true })
  }
}
