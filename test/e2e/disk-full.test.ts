/** A disk fills up, with footage or with something else: footage makes room, oldest first. On tmpfs, as root. */
import { afterEach, expect, test } from 'vitest'
import { rootProblem } from '../../server/src/become-user.ts'
import { FootageDisk, megabyte } from '../support/footage-disk.ts'
import { whyNoMounts } from '../support/mounts.ts'
import { causesOf } from '../support/soundness.ts'
import { statusOf } from '../support/vedette-processes.ts'

const whyNot = whyNoMounts('tmpfs')
if (whyNot) console.warn(`disk full: not tested, ${whyNot}`)

let disk: FootageDisk
afterEach(() => disk?.close())

test.skipIf(whyNot)(
  'R32 footage fills the disk: the oldest goes first, before it is full, and recording never stops',
  async () => {
    disk = await FootageDisk.open(200)
    const seen = await disk.recordSegments((paths) => {
      expect(disk.freeBytes).toBeGreaterThan(0)
      expect(paths.length - disk.segments.length).toBeGreaterThan(1)
    })
    expect((await disk.receipts()).map((receipt) => receipt.rule)).toContain('reserve')
    await disk.recordsOn()
    const { problems } = await statusOf(disk.vedette)
    // Mounting needs root, and running as root is a problem of its own: that one and no other.
    expect(problems).toEqual([rootProblem()])
    const left = disk.segments
    expect(
      seen.filter((path) => !left.includes(path)),
      'the oldest went first',
    ).toEqual(
      seen.slice(
        0,
        seen.findIndex((path) => left.includes(path)),
      ),
    )
    expect(causesOf(await disk.endsSound())).not.toContain('missing disk')
  },
)

test.skipIf(whyNot)('R32 something else fills the disk while there is footage to delete: that makes room', async () => {
  disk = await FootageDisk.open(300)
  await disk.recordSegments(() => expect(disk.freeBytes).toBeLessThan(215 * megabyte))
  await disk.camera.apply({ do: 'heal' })
  disk.fillUp()
  await disk.recordsOn()
  await disk.recordsOn()
  expect((await disk.receipts()).map((receipt) => receipt.rule)).toContain('reserve')
  await disk.endsSound()
})
