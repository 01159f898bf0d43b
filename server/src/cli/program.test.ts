/** How the command line tells what went wrong: the real program, for people and for programs. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, expect, test } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'vedette-cli-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const main = resolve(import.meta.dirname, '../main.ts')

const run = (args: readonly string[], environment: Record<string, string> = {}) =>
  spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', main, ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, VEDETTE_DATA: join(folder, 'none'), ...environment },
  })

test.each([
  [['verify'], {}, 1, 'not_found', /^There is no Vedette in /],
  [['verify', '--bogus'], {}, 2, 'bad_request', /^unknown option '--bogus'/],
  [['no-such-command'], {}, 2, 'bad_request', /no-such-command/],
  [['users', 'reset-password'], {}, 2, 'bad_request', /missing required argument/],
  [['doctor'], { VEDETTE_LOG_LEVEL: 'loud' }, 1, 'bad_request', /^VEDETTE_LOG_LEVEL is wrong/],
  [['rotate-key'], {}, 1, 'not_found', /^There is no Vedette in /],
])(
  'R39 %j says what is wrong, with --json as one line of JSON on standard output',
  (args, environment, status, code, message) => {
    const forPeople = run(args, environment)
    expect(forPeople).toMatchObject({ status, stdout: '' })
    expect(forPeople.stderr).toMatch(message)
    expect(forPeople.stderr.trim().split('\n')).toHaveLength(1)
    const forPrograms = run([...args, '--json'], environment)
    expect(forPrograms).toMatchObject({ status, stderr: '' })
    expect(JSON.parse(forPrograms.stdout)).toEqual({ code, message: expect.stringMatching(message) })
  },
)

test('R22 the command line never shows the password of the database that it cannot reach', () => {
  writeFileSync(join(folder, 'url'), 'postgres://vedette:geheim%2F42@127.0.0.1:9/vedette\n')
  for (const args of [['users', 'list'], ['users', 'list', '--json'], ['start']]) {
    const { status, stdout, stderr } = run(args, { VEDETTE_DATABASE_URL_FILE: join(folder, 'url') })
    expect(status).toBe(1)
    expect(stdout + stderr).not.toMatch(/geheim/)
    expect(stdout + stderr).toContain('PostgreSQL')
  }
})

test('R23 what a text holds does not command the terminal that it is shown on', () => {
  const { status, stderr } = run(['verify', '--data', join(folder, 'a\x1b[2J\x9b31m\u202eb')])
  expect(status).toBe(1)
  expect(stderr).toMatch(/There is no Vedette in .*a\?\[2J\?31m\?b/)
})
