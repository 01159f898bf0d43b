import { expect, test } from 'vitest'
import { prepareDemo } from './app-demo.ts'
import { AuditLog } from './audit/audit-log.ts'
import { listEntries } from './audit/audit-store.ts'
import { listUsers } from './auth/user-store.ts'
import { openDatabase } from './db/database.ts'
import type { AuditedChange } from './db/in-transaction.ts'
import { ManualClock } from './lib/clock.ts'
import { silentLog as log } from './lib/log.ts'

test('R24 the administrator of a demo and the entry about it are there together', async () => {
  const db = await openDatabase({ kind: 'sqlite', path: ':memory:' })
  const key = Buffer.alloc(32, 7)
  const audit = new AuditLog({ db, key, dataDir: null, clock: new ManualClock(), log })
  const withoutEntry: AuditedChange = (change) =>
    audit.change(change, () => {
      throw new Error('no entry')
    })
  await expect(prepareDemo({ db, key, change: withoutEntry }, 0, [])).rejects.toThrow(/no entry/)
  expect(await listUsers(db)).toEqual([])
  await prepareDemo({ db, key, change: audit.change }, 0, [])
  expect(await listUsers(db)).toMatchObject([{ username: 'demo', role: 'admin' }])
  expect(await listEntries(db, { limit: 9 })).toMatchObject([{ kind: 'installation.set_up', username: '(demo)' }])
  await db.destroy()
})
