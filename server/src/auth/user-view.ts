/** Users as administrators see them. */
import type { UserView } from '@vedette/shared/user.ts'
import type { Db } from '../db/database.ts'
import type { UserTable } from '../db/tables.ts'
import { avatarIdOf } from './avatar-store.ts'
import { listGrants } from './grant-store.ts'
import { countFactors } from './second-factor-store.ts'
import { listSessions } from './session-store.ts'

export async function viewUsers(db: Db, users: readonly UserTable[], nowMs: number): Promise<UserView[]> {
  const grants = await listGrants(
    db,
    users.map((user) => user.id),
  )
  const views: UserView[] = []
  for (const user of users)
    views.push({
      id: user.id,
      username: user.username,
      email: user.email,
      role: user.role,
      disabled: user.disabled === 1,
      grants: user.role === 'admin' ? [] : (grants.get(user.id) ?? []),
      needsSecondFactor: user.needs_factor === 1,
      secondFactor: await countFactors(db, user.id),
      createdMs: user.created_ms,
      avatarId: await avatarIdOf(db, user.id),
      lastUsedMs: (await listSessions(db, user.id, nowMs))[0]?.last_used_ms ?? null,
    })
  return views
}
