/** Folders of demos that were killed, beside everything that only looks like one. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { takeLock } from '../process-lock.ts'
import { makeDemoFolder, removeDeadDemos } from './demo-folders.ts'

const gone = '{"pid":4194303,"startTicks":"17"}'
let base: string
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'vedette-demos-'))
})
afterEach(() => rmSync(base, { recursive: true }))

/** A demo's folder with some footage in it. */
async function demo(control: string | undefined): Promise<string> {
  const path = await makeDemoFolder(base)
  mkdirSync(join(path, 'footage'))
  writeFileSync(join(path, 'footage', 'segment.mp4'), 'frames')
  if (control !== undefined) writeFileSync(join(path, 'control.lock'), control)
  return path
}

test('the folder of a demo that is gone is removed, and links in it lead nowhere', async () => {
  const precious = join(base, 'precious')
  mkdirSync(precious)
  writeFileSync(join(precious, 'file'), 'precious')
  const dead = await demo(gone)
  symlinkSync(precious, join(dead, 'footage', 'link'))
  expect(await removeDeadDemos(base)).toEqual([dead])
  expect(existsSync(dead)).toBe(false)
  expect(existsSync(join(precious, 'file'))).toBe(true)
})

test('one that runs, one whose recorder still writes, and one that is beginning stay', async () => {
  const running = await demo(undefined)
  await takeLock(join(running, 'control.lock'), true)
  const recording = await demo(gone)
  await takeLock(join(recording, 'recorder.lock'), true)
  const beginning = await demo(undefined)
  expect(await removeDeadDemos(base)).toEqual([])
  for (const path of [running, recording, beginning]) expect(existsSync(path)).toBe(true)
})

test('a link and a file with such a name, and folders with others, are left alone', async () => {
  const elsewhere = join(base, 'elsewhere')
  mkdirSync(elsewhere)
  writeFileSync(join(elsewhere, 'control.lock'), gone)
  symlinkSync(elsewhere, join(base, 'vedette-demo-link'))
  writeFileSync(join(base, 'vedette-demo-file'), '')
  expect(await removeDeadDemos(base)).toEqual([])
  expect(existsSync(join(elsewhere, 'control.lock'))).toBe(true)
})
