/** Help for those who are locked out, on the machine itself. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { isPassword } from '../auth/password.ts'
import { findUserByName } from '../auth/user-store.ts'
import { toConfig } from '../config.ts'
import { openDatabase } from '../db/database.ts'
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

test('R1 sets up without a browser, resets what was lost, and writes all of it down', async () => {
  const config = toConfig({ VEDETTE_DATA: join(root, 'data') }, root)
  const run = async (command: RunCommand, name = '') => {
    const answers: Record<string, unknown>[] = []
    const answer = (value: unknown) => answers.push(Object(value))
    const code = await command({ config, isJson: true, say: () => {}, answer }, {}, [name])
    return { code, answer: answers[0] ?? {} }
  }
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
