/**
 * The power fails: data folder and footage lie on an ext4 image behind a loop device, and what its file holds at one moment
 * is what a disk would hold then. Vedette starts on a copy of it (recording.md "Durability": at most 10 s are lost).
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test, vi } from 'vitest'
import { descendants, readProcesses } from '../../bench/process-tree.ts'
import { SimulatedCamera } from '../cameras/simulated-camera.ts'
import { type Mount, makeImage, mountImage, whyNoMounts } from '../support/mounts.ts'
import { RunningVedette } from '../support/running-vedette.ts'
import { causesOf, expectSound } from '../support/soundness.ts'
import { allRecording, lightCamera, moreFrames, patience, sentOnDisk } from '../support/vedette-processes.ts'

const whyNot = whyNoMounts('ext4')
if (whyNot) console.warn(`power loss: not tested, ${whyNot}`)

const cleanUp: (() => unknown)[] = []
afterAll(async () => {
  for (const undo of cleanUp.reverse()) await undo()
})

test.skipIf(whyNot)('R30 loses at most 10 s, and what is left is sound', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'vedette-power-'))
  cleanUp.push(() => rmSync(folder, { recursive: true }))
  const disk = join(folder, 'disk.img')
  makeImage(disk, 200)
  const mount = mounted(disk)
  const camera = await SimulatedCamera.open(lightCamera)
  cleanUp.push(() => camera.close())
  const vedette = await RunningVedette.open({ dataDir: join(mount.path, 'data'), isGroup: true })
  await vedette.setUp()
  await vedette.addCamera({ name: 'Yard', address: camera.address('main') })
  await allRecording(vedette)
  await moreFrames(vedette, 'yard', 100)
  await camera.apply({ do: 'drop' }) // A segment that is closed, and then an open one.
  await moreFrames(vedette, 'yard', 300)

  const copy = join(folder, 'copy.img')
  const cutMs = cutPower(vedette, disk, copy)
  const after = mounted(copy)
  const dataDir = join(after.path, 'data')
  const leftMs = Math.max(...sentOnDisk(join(dataDir, 'footage'), 'yard'))
  expect(cutMs - leftMs).toBeLessThan(10_000)

  const next = await RunningVedette.open({ dataDir })
  cleanUp.push(() => next.close())
  await next.signIn()
  expect((await next.cameras()).map((one) => one.name)).toEqual(['Yard'])
  await moreFrames(next, 'yard', 50)
  await vi.waitFor(() => expect(sentOnDisk(join(dataDir, 'footage'), 'yard').length).toBeGreaterThan(200), patience)
  expect(await next.stop()).toBe(0)
  // What was cut off in the middle of a fragment and thrown away lies before the cut, not behind it.
  const kept = sentOnDisk(join(dataDir, 'footage'), 'yard').filter((sentMs) => sentMs <= cutMs)
  expect(cutMs - Math.max(...kept)).toBeLessThan(10_000)
  expect(causesOf(await expectSound({ dataDir }))).toContain('missing process')
})

function mounted(image: string): Mount {
  const mount = mountImage(image)
  cleanUp.push(() => mount.close())
  return mount
}

/** Copies the disk as it is at one moment, then ends the first life without a word. */
function cutPower(vedette: RunningVedette, disk: string, copy: string): number {
  const pid = vedette.process.pid ?? expect.fail('it runs')
  const all = descendants(readProcesses(), [pid])
  for (const one of all) process.kill(one, 'SIGSTOP')
  const cutMs = Date.now()
  // The kernel may be writing: two copies that are the same were made while it was not.
  do {
    execFileSync('cp', ['--sparse=always', disk, copy])
  } while (differ(disk, copy))
  for (const one of all) process.kill(one, 'SIGKILL')
  return cutMs
}

function differ(a: string, b: string): boolean {
  try {
    execFileSync('cmp', ['-s', a, b])
    return false
  } catch {
    return true
  }
}
