/** A session in a list. */
import type { SessionView } from '@vedette/shared/user.ts'
import type { SessionTable } from '../db/tables.ts'

export const viewSession = (session: SessionTable, currentId: string): SessionView => ({
  id: session.id,
  createdMs: session.created_ms,
  lastUsedMs: session.last_used_ms,
  address: session.address,
  userAgent: session.user_agent,
  isCurrent: session.id === currentId,
})
