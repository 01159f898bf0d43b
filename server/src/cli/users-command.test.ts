/** Help for those who are locked out, on the machine itself. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, expect, test } from 'vitest'
import { isPassword } from '../auth/password.ts'
import { findUserByName } from '../auth/user-store.ts'
import { type Config, toConfig } from '../config.ts'
import { type Db, openDatabase } from '../db/database.ts'
import { verifyAuditCommand } from './audit-command.ts'
import type { RunCommand } from './program.ts'
import {
  addAdminCommand,
  listUsersCommand,
  resetPasswordCommand,
  resetSecondFactorCommand,
  setupCommand,
} from './users-command.ts'

const root = await mkdtemp(join(tmpdir(), 'vedette-users-'))
afterAll(() => rm(root, { recursive: true, force: true }))

const configOf = (name: string) => toConfig({ VEDETTE_DATA: join(root, name) }, root)

function runIn(config: Config) {
  return async (command: RunCommand, name = '') => {
    const answers: Record<string, unknown>[] = []
    const answer = (value: unknown) => answers.push(Object(value))
    const code = await command({ config, isJson: true, say: () => {}, answer }, {}, [name])
    return { code, answer: answers[0] ?? {} }
  }
}

test('R1 sets up without a browser, resets what was lost, and writes all of it down', async () => {
  const config = configOf('data')
  const run = runIn(config)
  await run(setupCommand, 'Anna')
  await expect(run(setupCommand, 'Eve')).rejects.toMatchObject({ code: 'setup_closed' })
  await run(addAdminCommand, 'Ben')
  await expect(run(addAdminCommand, 'BEN')).rejects.toMatchObject({ code: 'conflict' })
  await expect(run(resetPasswordCommand, 'Eve')).rejects.toMatchObject({ code: 'not_found' })
  const { password } = (await run(resetPasswordCommand, 'anna')).answer
  await run(resetSecondFactorCommand, 'anna')
  expect((await run(listUsersCommand)).answer.users).toMatchObject([{ username: 'Anna' }, { username: 'Ben' }])
  expect(await run(verifyAuditCommand)).toMatchObject({ code: 0, answer: { entries: 4, problems: [] } })

  const db = await openDatabase(config.database)
  expect(await isPassword((await findUserByName(db, 'anna'))?.password_hash, String(password))).toBe(true)
  await db.destroy()
})

test('R24 an account whose entry cannot be written stays as it was: nobody was told its password', async () => {
  const config = configOf('unwritable')
  await mkdir(config.dataDir, { mode: 0o700 })
  const run = runIn(config)
  const withDatabase = async <T>(work: (db: Db) => Promise<T>): Promise<T> => {
    const db = await openDatabase(config.database)
    return work(db).finally(() => db.destroy())
  }
  const accounts = () => withDatabase((db) => db.selectFrom('user').select(['username', 'password_hash']).execute())
  const refuseEntries = () =>
    withDatabase((db) =>
      sql`create trigger no_entry before insert on audit begin select raise(abort, 'no entry'); end`.execute(db),
    )
  await refuseEntries()
  await expect(run(setupCommand, 'Anna')).rejects.toThrow(/no entry/)
  expect(await accounts()).toEqual([])
  await withDatabase((db) => sql`drop trigger no_entry`.execute(db))
  await run(setupCommand, 'Anna')
  await refuseEntries()
  const before = await accounts()
  expect(before).toHaveLength(1)
  for (const [command, name] of [
    [addAdminCommand, 'Ben'],
    [resetPasswordCommand, 'anna'],
    [resetSecondFactorCommand, 'anna'],
  ] as const)
    await expect(run(command, name)).rejects.toThrow(/no entry/)
  expect(await accounts()).toEqual(before)
})
