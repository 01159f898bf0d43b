/** Folders that root makes for the user that Vedette becomes. The rest of it is tried in test/e2e/sandbox.test.ts. */
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { giveFolder, requireReadable } from './become-user.ts'

const root = mkdtempSync(join(tmpdir(), 'vedette-become-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
const isRoot = process.getuid?.() === 0
const somebody = { uid: 65_534, gid: 65_534 }
const ownerOf = (...path: string[]) => statSync(join(root, ...path)).uid

test.runIf(isRoot)('R26 a folder is made for the user with all that lies on the way (needs root)', () => {
  mkdirSync(join(root, 'old'))
  giveFolder(join(root, 'old', 'a', 'b', 'data'), 'nobody', somebody)
  expect(ownerOf('old'), 'what was there stays as it was').toBe(0)
  expect([ownerOf('old', 'a'), ownerOf('old', 'a', 'b'), ownerOf('old', 'a', 'b', 'data')]).toEqual([
    65_534, 65_534, 65_534,
  ])
})

test.runIf(existsSync('/proc/self'))('R26 a folder that cannot be made ends the start with a sentence', () => {
  expect(() => giveFolder('/proc/vedette/data', 'nobody', somebody)).toThrow(
    expect.objectContaining({ code: 'bad_request', message: expect.stringMatching(/cannot be made \(ENOENT\)/) }),
  )
})

test.runIf(isRoot)('R26 a folder of somebody else is left alone (needs root)', () => {
  mkdirSync(join(root, 'foreign'))
  expect(() => giveFolder(join(root, 'foreign'), 'nobody', somebody)).toThrow(/chown -R nobody/)
  expect(ownerOf('foreign')).toBe(0)
})

test.runIf(isRoot)('R26 a program that the user may not read is named, with what to do (needs root)', () => {
  const program = join(root, 'main.ts')
  writeFileSync(program, '')
  expect(() => requireReadable(program, 'nobody', somebody), 'a temporary folder is its owner’s alone').toThrow(
    /nobody may not read .*main\.ts\. Put Vedette where/,
  )
  chmodSync(root, 0o755)
  requireReadable(program, 'nobody', somebody)
})

test.runIf(isRoot)(
  'R26 what a command of root makes in a folder of somebody else belongs to that user (needs root)',
  () => {
    const parent = mkdtempSync(join(tmpdir(), 'vedette-owner-'))
    chmodSync(parent, 0o755)
    const data = join(parent, 'data')
    mkdirSync(data)
    chownSync(data, somebody.uid, somebody.gid)
    const run = (...args: string[]) =>
      spawnSync(process.execPath, [join(import.meta.dirname, 'main.ts'), ...args, '--data', data], {
        encoding: 'utf8',
        timeout: 120_000,
        env: { PATH: process.env.PATH ?? '' },
      })
    try {
      expect(run('setup', 'anna').status).toBe(0)
      expect(run('users', 'add-admin', 'berta', '--json').status).toBe(0)
      const made = readdirSync(data, { recursive: true }).map(String)
      expect(made).toEqual(expect.arrayContaining(['vedette.db', 'key']))
      expect(made.filter((path) => statSync(join(data, path)).uid !== somebody.uid)).toEqual([])
    } finally {
      rmSync(parent, { recursive: true, force: true })
    }
  },
)
