/** `vedette users …` and `vedette setup`: help for those who are locked out or have no browser, on the machine itself. Audited. */

import { randomBytes } from 'node:crypto'
import type { AuditKind } from '@vedette/shared/audit.ts'
import { userName } from '@vedette/shared/user.ts'
import { AuditLog } from '../audit/audit-log.ts'
import { resetFactors } from '../auth/change-user.ts'
import { hashPassword } from '../auth/password.ts'
import { countFactors } from '../auth/second-factor-store.ts'
import { addFirstAdmin, addUser, findUserByName, listUsers, newUser, setPassword } from '../auth/user-store.ts'
import type { Config } from '../config.ts'
import { takeControl } from '../control-lock.ts'
import { type Db, openDatabase } from '../db/database.ts'
import type { UserTable } from '../db/tables.ts'
import { AppError } from '../lib/app-error.ts'
import { systemClock as clock } from '../lib/clock.ts'
import { silentLog as log } from '../lib/log.ts'
import { makeFolderPath } from '../lib/make-folder.ts'
import { openKeyBeside } from '../secrets/key-check-store.ts'
import { openInstalled } from './open-footage.ts'
import type { RunCommand, Session } from './program.ts'

export const listUsersCommand: RunCommand = async ({ config, say, answer }) => {
  const db = await openInstalled(config)
  const users = await listUsers(db)
  const views = []
  for (const { id, username, role, disabled } of users) {
    const { totp, passkeys } = await countFactors(db, id)
    views.push({ id, username, role, disabled: disabled === 1, secondFactor: totp || passkeys > 0 })
  }
  await db.destroy()
  for (const view of views)
    say(
      `${view.username}  ${view.role}${view.disabled ? '  disabled' : ''}${view.secondFactor ? '  second factor' : ''}`,
    )
  if (users.length === 0) say('There is no user yet: start Vedette and open its page to make the first one.')
  answer({ users: views })
  return 0
}

export const resetPasswordCommand: RunCommand = (session, _options, [name = '']) =>
  withAccounts(session, async (change) => {
    const password = newPassword()
    const hash = await hashPassword(password)
    const user = await change('password.changed', async (trx) => {
      const found = await getUser(trx, name)
      await setPassword(trx, found.id, hash)
      return found
    })
    session.say(`New password of ${user.username}: ${password}\nAll sessions of this user were ended.`)
    session.answer({ username: user.username, password })
  })

export const resetSecondFactorCommand: RunCommand = (session, _options, [name = '']) =>
  withAccounts(session, async (change) => {
    const user = await change('second_factor.reset', async (trx) => {
      const found = await getUser(trx, name)
      await resetFactors(trx, found.id)
      return found
    })
    session.say(`${user.username} signs in with the password alone now. All sessions of this user were ended.`)
    session.answer({ username: user.username })
  })

export const addAdminCommand: RunCommand = (session, _options, [name = '']) =>
  withAccounts(session, async (change) => {
    const { user, password } = await makeAdmin(name)
    await change('user.added', async (trx) => {
      await addUser(trx, user)
      return user
    })
    tellPassword(session, user, password)
  })

export const setupCommand: RunCommand = async (session, _options, [name = '']) => {
  await makeFolderPath(session.config.dataDir)
  return withAccounts(
    session,
    async (change) => {
      const { user, password } = await makeAdmin(name)
      await change('installation.set_up', async (trx) => {
        if (await addFirstAdmin(trx, user)) return user
        throw new AppError(
          'setup_closed',
          'This Vedette is set up already: `vedette users add-admin <name>` adds another.',
        )
      })
      tellPassword(session, user, password)
    },
    ({ database, dataDir }) => openDatabase(database, () => takeControl(dataDir)),
  )
}

/** Changes an account and writes the entry about it, both or neither: whoever was told nothing has an account as it was. */
type ChangeAccount = (kind: AuditKind, change: (trx: Db) => Promise<UserTable>) => Promise<UserTable>

async function withAccounts(
  { config }: Session,
  work: (change: ChangeAccount) => Promise<void>,
  open: (config: Config) => Promise<Db> = openInstalled,
): Promise<number> {
  const db = await open(config)
  const key = await openKeyBeside(db, config.keyPlace)
  const audit = new AuditLog({ db, key, dataDir: config.dataDir, clock, log })
  const who = { userId: null, username: '(command line)', address: '' }
  try {
    await work((kind, change) =>
      audit.change(change, ({ id, username }) => ({ kind, ...who, object: `user ${id}`, detail: { username } })),
    )
    return 0
  } finally {
    await audit.close()
    await db.destroy()
  }
}

async function getUser(db: Db, name: string): Promise<UserTable> {
  const user = await findUserByName(db, name)
  if (!user) throw new AppError('not_found', `There is no user named ${name}. \`npx vedette users list\` shows all.`)
  return user
}

async function makeAdmin(name: string): Promise<{ user: UserTable; password: string }> {
  const username = userName.safeParse(name)
  if (!username.success) throw new AppError('bad_request', 'Give a user name of 1 to 100 characters.')
  const password = newPassword()
  const user = newUser({ username: username.data, password_hash: await hashPassword(password) }, clock.nowMs())
  return { user, password }
}

function tellPassword({ say, answer }: Session, user: UserTable, password: string): void {
  say(`Administrator ${user.username}, password: ${password}\nChange it after the first sign-in.`)
  answer({ username: user.username, password })
}

const newPassword = () => randomBytes(15).toString('base64url')
