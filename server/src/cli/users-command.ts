/** `vedette users …`: help for those who are locked out, on the machine itself. */
import { randomBytes } from 'node:crypto'
import { hashPassword } from '../auth/password.ts'
import { findUserByName, listUsers, setPassword } from '../auth/user-store.ts'
import { openDatabase } from '../db/database.ts'
import { AppError } from '../lib/app-error.ts'
import type { RunCommand } from './program.ts'

export const listUsersCommand: RunCommand = async ({ config, say, answer }) => {
  const db = await openDatabase(config.database)
  const users = await listUsers(db)
  await db.destroy()
  for (const user of users) say(`${user.username}  ${user.role}${user.disabled ? '  disabled' : ''}`)
  if (users.length === 0) say('There is no user yet: start Vedette and open its page to make the first one.')
  answer({ users: users.map(({ id, username, role, disabled }) => ({ id, username, role, disabled: disabled === 1 })) })
  return 0
}

export const resetPasswordCommand: RunCommand = async ({ config, say, answer }, _options, [name = '']) => {
  const db = await openDatabase(config.database)
  try {
    const user = await findUserByName(db, name)
    if (!user) throw new AppError('not_found', `There is no user named ${name}. \`npx vedette users list\` shows all.`)
    const password = randomBytes(15).toString('base64url')
    await setPassword(db, user.id, await hashPassword(password))
    say(`New password of ${user.username}: ${password}\nAll sessions of this user were ended.`)
    answer({ username: user.username, password })
    return 0
  } finally {
    await db.destroy()
  }
}
