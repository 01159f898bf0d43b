/** `vedette start --demo` that is killed: its recorder ends with it, and the next demo removes its folder. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { descendants, readProcesses } from '../../bench/process-tree.ts'
import { serverEnvironment, serverFlags } from '../../scripts/server-flags.mjs'
import { segmentFiles } from '../support/soundness.ts'
import { patience } from '../support/vedette-processes.ts'

const main = resolve(import.meta.dirname, '../../server/src/main.ts')
const base = mkdtempSync(join(tmpdir(), 'vedette-demo-test-'))
let demo: ChildProcess | undefined
afterEach(async () => {
  demo?.kill('SIGKILL')
  rmSync(base, { recursive: true, force: true })
})

const folders = () => readdirSync(base).filter((name) => name.startsWith('vedette-demo-'))

/** Resolves with the demo's folder when it records. */
async function startDemo(before?: string): Promise<string> {
  demo = spawn(process.execPath, [...serverFlags, main, 'start', '--demo', '--port', '0'], {
    stdio: 'ignore',
    env: { ...process.env, ...serverEnvironment, TMPDIR: base },
  })
  return vi.waitFor(() => {
    const [folder, ...others] = folders()
    expect(others).toEqual([])
    const path = join(base, folder ?? expect.fail('no folder yet'))
    expect(path).not.toBe(before)
    expect(segmentFiles(join(path, 'footage')).length).toBeGreaterThan(0)
    return path
  }, patience)
}

test('R31 a demo that was killed leaves no process, and its folder goes with the next one', async () => {
  const first = await startDemo()
  const family = descendants(readProcesses(), [demo?.pid ?? 0])
  expect(family.length).toBeGreaterThanOrEqual(3)
  demo?.kill('SIGKILL')
  await vi.waitFor(() => {
    const running = readProcesses()
    expect(family.filter((pid) => running.has(pid))).toEqual([])
  }, patience)
  expect(existsSync(first)).toBe(true)
  await startDemo(first)
  const gone = new Promise((resolveGone) => demo?.once('exit', resolveGone))
  demo?.kill('SIGTERM')
  await gone
  expect(folders()).toEqual([])
})
