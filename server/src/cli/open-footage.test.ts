import { mkdtempSync, readdirSync, rmSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { toConfig } from '../config.ts'
import { takeControl } from '../control-lock.ts'
import { verifyAuditCommand } from './audit-command.ts'
import { listCamerasCommand } from './cameras-command.ts'
import { doctorCommand } from './doctor-command.ts'
import type { RunCommand } from './program.ts'
import { rebuildCommand } from './rebuild-command.ts'
import { rotateKeyCommand } from './rotate-key-command.ts'
import { listUsersCommand, resetPasswordCommand, setupCommand } from './users-command.ts'
import { verifyCommand } from './verify-command.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vedette-cli-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const dataDir = () => toConfig({}, folder).dataDir

async function run(command: RunCommand, args: readonly string[] = []) {
  const said: string[] = []
  const session = {
    config: toConfig({}, folder),
    isJson: false,
    answer: () => {},
    say: (line: string) => said.push(line),
  }
  return { code: await command(session, {}, args), said: said.join('\n') }
}

test.each([verifyCommand, verifyAuditCommand, listCamerasCommand, listUsersCommand, resetPasswordCommand])(
  'a folder without a Vedette is told, and stays as it is (%o)',
  async (command) => {
    await expect(run(command, ['anna'])).rejects.toMatchObject({
      code: 'not_found',
      message: expect.stringContaining(folder),
    })
    expect(readdirSync(folder)).toEqual([])
  },
)

test('to have no footage is not called to have all of it', async () => {
  await run(setupCommand, ['Anna'])
  expect(await run(verifyCommand)).toEqual({ code: 0, said: 'There is no footage to check.' })
})

test('a new database after a damaged one begins a log of its own, and the old end lies beside the old one', async () => {
  await run(setupCommand, ['Anna'])
  truncateSync(join(dataDir(), 'vedette.db'), 10_000)
  await run(rebuildCommand)
  await run(setupCommand, ['Anna'])
  expect(await run(verifyAuditCommand)).toEqual({ code: 0, said: 'The audit log is whole: 1 entries.' })
  const aside = readdirSync(dataDir()).filter((name) => name.includes('.damaged-'))
  expect(aside).toEqual(expect.arrayContaining([expect.stringMatching(/^audit-head\.json\.damaged-\d+$/)]))
})

/** An installation of an earlier version: the last step of the schema was not made yet. Returns the steps that were. */
async function installEarlier(): Promise<() => unknown[]> {
  await run(setupCommand, ['Anna'])
  const db = new Sqlite(join(dataDir(), 'vedette.db'))
  db.exec('delete from migration where name = (select max(name) from migration)')
  db.close()
  return () => {
    const file = new Sqlite(join(dataDir(), 'vedette.db'), { readonly: true })
    const steps = file.prepare('select name from migration').all()
    file.close()
    return steps
  }
}

test.each([verifyCommand, listUsersCommand, rotateKeyCommand, rebuildCommand])(
  'no command brings a database up to date under a server that runs (%o)',
  async (command) => {
    const steps = await installEarlier()
    const before = steps()
    const giveBack = await takeControl(dataDir())
    try {
      await expect(run(command)).rejects.toMatchObject({ code: 'conflict' })
      expect(steps()).toEqual(before)
    } finally {
      await giveBack()
    }
  },
)

test('doctor changes nothing, also where nobody runs', async () => {
  const steps = await installEarlier()
  const before = steps()
  expect((await run(doctorCommand)).said).toMatch(/note {2}database: .*earlier version; the next start/)
  expect(steps()).toEqual(before)
})
