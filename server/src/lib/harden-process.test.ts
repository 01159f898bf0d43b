/** A bug in a real process: what it prints, and what it leaves behind. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'vedette-bug-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const lib = import.meta.dirname
const run = (code: string) =>
  spawnSync(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      '--report-uncaught-exception',
      '--report-on-fatalerror',
      '--input-type=module-typescript',
      '--eval',
      `import { hardenProcess } from '${lib}/harden-process.ts'
       import { rememberSecret } from '${lib}/redact.ts'
       import { writeFileSync } from 'node:fs'
       hardenProcess('vision')
       rememberSecret('geheim-42!')
       writeFileSync('made', '')
       ${code}`,
    ],
    { cwd: folder, encoding: 'utf8' },
  )

describe('R22 a bug that nobody caught', () => {
  test.each([
    [
      'an exception',
      `throw Object.assign(new Error('at rtsp://a:hunter2@host'), { said: 'geheim-42!', cause: new Error('geheim-42!') })`,
    ],
    ['a rejection', `Promise.reject(new Error('geheim-42! and password=hunter2'))`],
    [
      'something that is no error',
      `setImmediate(() => { throw { password: 'hunter2', toString: () => 'geheim-42!' } })`,
    ],
    ['a text', `setImmediate(() => { throw 'geheim-42!' })`],
  ])('%s ends the process with one clean record, and no report', (_, code) => {
    const { status, stdout, stderr } = run(code)
    expect(status).toBe(1)
    expect(stdout + stderr).not.toMatch(/geheim|hunter2/)
    expect(stderr.trim().split('\n')).toHaveLength(1)
    expect(JSON.parse(stderr)).toMatchObject({ level: 60, name: 'vision', msg: 'a bug ended this process' })
    expect(readdirSync(folder)).toEqual(['made'])
    expect(statSync(join(folder, 'made')).mode & 0o777, 'umask').toBe(0o600)
  })
})
