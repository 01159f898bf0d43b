import type { AuditKind } from '@vedette/shared/audit.ts'
import { expect, test } from 'vitest'
import { openDatabase } from '../db/database.ts'
import { ManualClock } from '../lib/clock.ts'
import { silentLog as log } from '../lib/log.ts'
import { AuditLog } from './audit-log.ts'
import { listEntries } from './audit-store.ts'
import { tellUnendedRestore } from './restore-end.ts'

const ends: [string, AuditKind[], number][] = [
  ['no restore', [], 0],
  ['one that is done', ['backup.restore_begun', 'backup.restored', 'logout'], 0],
  ['one that failed', ['backup.restore_begun', 'backup.restore_not_done', 'logout'], 0],
  ['one that was cut off', ['backup.restored', 'backup.restore_begun', 'logout'], 1],
]

test.each(ends)('R24 after %s the next start says how it ended, once', async (_, kinds, told) => {
  const db = await openDatabase({ kind: 'sqlite', path: ':memory:' })
  const audit = new AuditLog({ db, key: Buffer.alloc(32, 7), dataDir: null, clock: new ManualClock(), log })
  for (const kind of kinds) await audit.write({ kind, userId: null, username: 'anna', address: '' })
  for (const _start of [1, 2]) await tellUnendedRestore(db, audit.write)
  const after = (await listEntries(db, { limit: 100 })).slice(0, -kinds.length || undefined)
  const entry = { kind: 'backup.restore_not_done', username: '(start)', detail: { why: 'cut off' } }
  expect(after).toMatchObject(Array(told).fill(entry))
  await db.destroy()
})
