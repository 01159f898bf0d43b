/** Every command of the real program answers programs: one JSON value a line with --json, and nothing else. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { vedetteCli } from '../support/soundness.ts'

const folder = mkdtempSync(join(tmpdir(), 'vedette-commands-'))
const dataDir = join(folder, 'data')
const backup = join(folder, 'house.age')
const passphrase = join(folder, 'passphrase')
writeFileSync(passphrase, 'a passphrase for backups\n')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** In an order in which each finds what it needs. Exit code 1: it found something to say about a house without footage. */
const commands: readonly { name: string; args?: readonly string[]; codes?: readonly number[] }[] = [
  { name: 'setup', args: ['admin'] },
  { name: 'users add-admin', args: ['second'] },
  { name: 'users list' },
  { name: 'users reset-password', args: ['second'] },
  { name: 'users reset-second-factor', args: ['second'] },
  { name: 'cameras add', args: ['Yard', 'rtsp://192.0.2.7/main'] },
  { name: 'cameras list' },
  { name: 'routes' },
  { name: 'doctor', codes: [0, 1] },
  { name: 'verify' },
  { name: 'rebuild' },
  { name: 'audit verify' },
  { name: 'audit export' },
  { name: 'backup', args: [backup] },
  { name: 'restore', args: [backup, '--dry-run'] },
  { name: 'rotate-key' },
  { name: 'seed', args: ['--segments', '10', '--events', '10'], codes: [0, 1] },
]

/** Names in the list that help prints. */
async function listed(group: readonly string[]): Promise<string[]> {
  const { stdout } = await vedetteCli([...group, '--help'])
  const lines = stdout.slice(stdout.indexOf('Commands:')).split('\n')
  return lines.map((line) => /^ {2}([a-z][a-z-]*)/.exec(line)?.[1] ?? '').filter((name) => name && name !== 'help')
}

describe('R39 the command line', () => {
  test('is all in this list', async () => {
    const groups = ['cameras', 'users', 'audit']
    const inGroups = await Promise.all(
      groups.map(async (group) => (await listed([group])).map((name) => `${group} ${name}`)),
    )
    const single = (await listed([])).filter((name) => !groups.includes(name) && name !== 'start')
    expect([...single, ...inGroups.flat()].sort()).toEqual(commands.map(({ name }) => name).sort())
  })

  test.each(commands)('vedette $name answers in JSON', async ({ name, args = [], codes = [0] }) => {
    const ended = await vedetteCli([...name.split(' '), ...args, '--data', dataDir, '--json'], {
      VEDETTE_BACKUP_PASSPHRASE_FILE: passphrase,
    })
    expect(codes, ended.stderr).toContain(ended.code)
    const lines = ended.stdout.split('\n').filter((line) => line !== '')
    expect(lines.length).toBeGreaterThan(0)
    for (const line of lines) expect(typeof JSON.parse(line)).toBe('object')
  })

  test('a command that is not understood says so, with the exit code 2', async () => {
    expect(await vedetteCli(['fly'])).toMatchObject({ code: 2, stdout: '' })
    expect((await vedetteCli(['verify', '--no-such-flag'])).code).toBe(2)
  })
})
