/** The footage's disk takes nothing or is gone: noticed, shown, survived, and over without a restart. On tmpfs, as root. */
import { readdirSync, rmSync } from 'node:fs'
import { afterEach, expect, test, vi } from 'vitest'
import { FootageDisk, megabyte } from '../support/footage-disk.ts'
import { whyNoMounts } from '../support/mounts.ts'
import { causesOf } from '../support/soundness.ts'
import { patience, statusOf } from '../support/vedette-processes.ts'

const whyNot = whyNoMounts('tmpfs')
if (whyNot) console.warn(`disk away: not tested, ${whyNot}`)

let disk: FootageDisk
afterEach(() => disk?.close())

test.skipIf(whyNot)(
  'R32 full of something else: it is noticed, shown, costs no memory, and is over when there is room',
  async () => {
    disk = await FootageDisk.open(300)
    const recorderBytes = async () =>
      (await statusOf(disk.vedette)).processes.find((one) => one.name === 'recorder')?.pssBytes ?? 0
    await disk.recordsOn()
    const before = await recorderBytes()
    await disk.camera.apply({ do: 'inflate', stream: 'main', mbitPerS: 40 })
    const filledMs = Date.now()
    const other = disk.fillUp()
    await vi.waitFor(async () => {
      expect((await disk.volume()).state).toBe('full')
      expect((await statusOf(disk.vedette)).problems.join()).toMatch(/disk is full/)
    }, patience)
    expect(Date.now() - filledMs).toBeLessThan(10_000)
    // What the camera sends meanwhile would be 5 MB a second.
    await vi.waitFor(() => expect(Date.now() - filledMs).toBeGreaterThan(14_000), patience)
    expect((await recorderBytes()) - before).toBeLessThan(60 * megabyte)
    expect((await disk.vedette.cameras())[0]?.status.recording).toBe(false)
    await disk.camera.apply({ do: 'heal' })
    rmSync(other)
    await disk.recordsOn()
    await vi.waitFor(async () => {
      expect((await disk.volume()).state).toBe('ok')
      expect((await statusOf(disk.vedette)).problems.join()).not.toMatch(/disk/)
    }, patience)
    expect(causesOf(await disk.endsSound())).toContain('missing disk')
  },
)

test.skipIf(whyNot)(
  'R32 pulled: it is missing within 10 s, its mount point stays empty, and recording goes on when it is back',
  async () => {
    disk = await FootageDisk.open(300)
    await disk.recordsOn()
    const pulledMs = Date.now()
    const pulled = disk.mount.pull()
    await vi.waitFor(async () => {
      expect((await disk.volume()).state).toBe('missing')
      expect((await statusOf(disk.vedette)).problems.join()).toMatch(/missing/)
    }, patience)
    expect(Date.now() - pulledMs).toBeLessThan(10_000)
    await vi.waitFor(async () => expect((await disk.vedette.cameras())[0]?.status.recording).toBe(false), patience)
    await disk.camera.apply({ do: 'drop' })
    await vi.waitFor(async () => expect((await disk.vedette.cameras())[0]?.status.state).toBe('online'), patience)
    expect(readdirSync(disk.mount.path)).toEqual([])
    pulled.back()
    await disk.recordsOn()
    expect(causesOf(await disk.endsSound())).toContain('missing disk')
  },
)
