import { execFile } from 'node:child_process'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { findPrograms } from './find-programs.ts'

test('a program is looked for in the system’s folders, the first that has it wins', () => {
  const there = new Set(['/bin/bwrap', '/usr/local/bin/bwrap', '/usr/sbin/setpriv'])
  expect(findPrograms((path) => there.has(path))).toEqual({ bwrap: '/bin/bwrap', setpriv: '/usr/sbin/setpriv' })
})

// The recorder on a machine without bubblewrap: control could allow it no path of it.
test('a process that may not look at a program’s places goes without the program', async () => {
  const module = join(import.meta.dirname, 'find-programs.ts')
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--permission',
    `--allow-fs-read=${module}`,
    `--allow-fs-read=${join(dirname(module), '../../package.json')}`,
    '--input-type=module',
    '--eval',
    `const { findPrograms } = await import(${JSON.stringify(module)}); console.log(JSON.stringify(findPrograms()))`,
  ])
  expect(JSON.parse(stdout)).toEqual({})
})
