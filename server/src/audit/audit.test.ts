/** The audit log on both databases: what is in it stays, and what was done to it shows. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AuditEntry } from '@vedette/shared/audit.ts'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { onBothDatabases } from '../../../test/support/databases.ts'
import { addUser, newUser } from '../auth/user-store.ts'
import type { Db } from '../db/database.ts'
import { ManualClock } from '../lib/clock.ts'
import { silentLog } from '../lib/log.ts'
import { readAuditHead } from './audit-head.ts'
import { AuditLog } from './audit-log.ts'
import { listEntries, openAuditKey } from './audit-store.ts'
import { verifyAudit } from './verify-audit.ts'

const key = Buffer.alloc(32, 7)
const entry = (username: string): AuditEntry => ({ kind: 'login.ok', userId: null, username, address: '10.0.0.7' })

onBothDatabases('audit log', (open) => {
  async function writtenLog(names: readonly string[]) {
    const db = await open()
    const dataDir = await mkdtemp(join(tmpdir(), 'vedette-audit-'))
    const clock = new ManualClock()
    const audit = new AuditLog({ db, key, dataDir, clock, log: silentLog })
    await Promise.all(names.map((name) => audit.write(entry(name))))
    await audit.close()
    return { db, dataDir, audit, clock, verify: () => verifyAudit(db, key, dataDir) }
  }

  test('R24 keeps entries in the order they came, and verifies', async () => {
    const { db, verify } = await writtenLog(['anna', 'ben', 'cleo'])
    const entries = await listEntries(db, { limit: 2 })
    expect(entries.map(({ seq, username }) => [seq, username])).toEqual([
      [3, 'cleo'],
      [2, 'ben'],
    ])
    expect((await listEntries(db, { limit: 2, beforeSeq: 2 })).map((e) => e.username)).toEqual(['anna'])
    expect(await verify()).toEqual({ entries: 3, problems: [] })
  })

  test('R24 nothing that is written can be changed or deleted over the database handle', async () => {
    const { db } = await writtenLog(['anna'])
    await expect(db.updateTable('audit').set({ username: 'eve' }).execute()).rejects.toThrow(/append-only/)
    await expect(db.deleteFrom('audit').execute()).rejects.toThrow(/append-only/)
  })

  test('R24 verify finds a changed, a removed and a cut-off entry', async () => {
    const tampered = async (change: (db: Db) => Promise<unknown>) => {
      const { db, verify } = await writtenLog(['anna', 'ben', 'cleo'])
      await dropTriggers(db)
      await change(db)
      return (await verify()).problems.join(' ')
    }
    const changed = (db: Db) => db.updateTable('audit').set({ username: 'eve' }).where('seq', '=', 2).execute()
    expect(await tampered(changed)).toMatch(/Entry 2 is not as it was written/)
    expect(await tampered((db) => db.deleteFrom('audit').where('seq', '=', 2).execute())).toMatch(/2 to 2 are missing/)
    expect(await tampered((db) => db.deleteFrom('audit').where('seq', '=', 3).execute())).toMatch(/missing at the end/)
  })

  test('R24 what was cut off before the next entry is told for good, by the log itself', async () => {
    const { db, dataDir, clock, verify } = await writtenLog(['anna', 'ben', 'cleo'])
    const writeNext = async (name: string) => {
      const audit = new AuditLog({ db, key, dataDir, clock, log: silentLog })
      await audit.write(entry(name))
      await audit.close()
    }
    await dropTriggers(db)
    await db.deleteFrom('audit').where('seq', '>', 1).execute()
    await writeNext('eve')
    expect((await listEntries(db, { limit: 9 })).map(({ kind }) => kind)).toEqual([
      'login.ok',
      'audit.broken',
      'login.ok',
    ])
    await writeNext('dan')
    const told = expect.stringMatching(/^Entry 2 of .*: entries 2 to 3 had been cut off before it\.$/)
    expect(await verify()).toEqual({ entries: 4, problems: [told] })
  })

  test('R24 what is cut off beside a running Vedette is told with its next entry', async () => {
    const { db, audit, verify } = await writtenLog(['anna', 'ben', 'cleo'])
    await dropTriggers(db)
    await db.deleteFrom('audit').where('seq', '=', 3).execute()
    await audit.write(entry('eve'))
    await audit.close()
    expect((await verify()).problems).toEqual([expect.stringMatching(/entries 3 to 3 had been cut off/)])
  })

  test('R24 an end that was not written with the log’s key, or is gone, is told for good', async () => {
    for (const forge of [
      // What the row itself shows is all that somebody without the key can write.
      (path: string, hash: string) => writeFile(path, JSON.stringify({ seq: 2, hash, mac: hash })),
      (path: string) => rm(path),
    ]) {
      const { db, dataDir, clock, verify } = await writtenLog(['anna', 'ben', 'cleo'])
      await dropTriggers(db)
      await db.deleteFrom('audit').where('seq', '=', 3).execute()
      const { hash } = await db.selectFrom('audit').select('hash').where('seq', '=', 2).executeTakeFirstOrThrow()
      await forge(join(dataDir, 'audit-head.json'), hash)
      expect((await verify()).problems).toEqual([expect.stringMatching(/whether the end is missing cannot be told/)])
      const audit = new AuditLog({ db, key, dataDir, clock, log: silentLog })
      await audit.write(entry('dan'))
      await audit.close()
      expect((await verify()).problems).toEqual([expect.stringMatching(/^Entry 3 of .* audit-head\.json had been/)])
    }
  })

  test('R24 an end of an earlier Vedette, which signed none, is called that, once', async () => {
    const { db, dataDir, clock, verify } = await writtenLog(['anna', 'ben'])
    const { hash } = await db.selectFrom('audit').select('hash').where('seq', '=', 2).executeTakeFirstOrThrow()
    await writeFile(join(dataDir, 'audit-head.json'), JSON.stringify({ seq: 2, hash }))
    expect((await verify()).problems).toEqual([expect.stringMatching(/is of an earlier Vedette, unsigned/)])
    for (const name of ['cleo', 'dan']) {
      const audit = new AuditLog({ db, key, dataDir, clock, log: silentLog })
      await audit.write(entry(name))
      await audit.close()
    }
    const told = expect.stringMatching(/^Entry 3 of .* audit-head\.json had been of an earlier Vedette, unsigned, so/)
    expect(await verify()).toEqual({ entries: 5, problems: [told] })
  })

  test('R24 a crash between the first entry and its end is no break', async () => {
    const { db, dataDir, audit, clock, verify } = await writtenLog([])
    const head = join(dataDir, 'audit-head.json')
    await audit.change(
      async () => {},
      () => undefined,
    )
    const beforeFirst = await readFile(head)
    expect(await verify()).toEqual({ entries: 0, problems: [] })
    await audit.write(entry('anna'))
    await audit.close()
    await writeFile(head, beforeFirst)
    expect(await verify()).toEqual({ entries: 1, problems: [] })
    const next = new AuditLog({ db, key, dataDir, clock, log: silentLog })
    await next.write(entry('ben'))
    await next.close()
    expect(await verify()).toEqual({ entries: 2, problems: [] })
  })

  test('R24 the end is written beside what another program is writing, and leaves nothing there', async () => {
    const { db, dataDir, audit } = await writtenLog([])
    await mkdir(join(dataDir, 'audit-head.json.new'))
    await audit.write(entry('anna'))
    await audit.close()
    expect(await readAuditHead(dataDir, await openAuditKey(db, key))).toMatchObject({ seq: 1 })
    expect((await readdir(dataDir)).sort()).toEqual(['audit-head.json', 'audit-head.json.new'])
  })

  test('R24 what keeps the end from being read for now says nothing about it', async () => {
    const { dataDir } = await writtenLog(['anna'])
    const head = join(dataDir, 'audit-head.json')
    await expect(readAuditHead(head, key), 'no folder').rejects.toMatchObject({ code: 'ENOTDIR' })
    await rm(head)
    await mkdir(head)
    expect(await readAuditHead(dataDir, key), 'something else in its place').toBe('damaged')
  })

  test('R24 a key that could not be read once is read for the next entry', async () => {
    const { db, audit } = await writtenLog([])
    await sql`alter table setting rename to setting_away`.execute(db)
    await expect(audit.write(entry('anna'))).rejects.toThrow(/setting/)
    await sql`alter table setting_away rename to setting`.execute(db)
    await audit.write(entry('ben'))
    expect((await listEntries(db, { limit: 9 })).map(({ username }) => username)).toEqual(['ben'])
  })

  test('R24 a log that was begun anew, because all of it was taken away, does not pass for the old one', async () => {
    const { db, dataDir, clock, verify } = await writtenLog([])
    const write = async (kind: AuditEntry['kind']) => {
      const audit = new AuditLog({ db, key, dataDir, clock, log: silentLog })
      await audit.write({ ...entry('anna'), kind })
      await audit.close()
    }
    await addUser(db, newUser({ username: 'anna', password_hash: 'x', role: 'admin' }, clock.nowMs()))
    await write('installation.set_up')
    expect((await verify()).problems).toEqual([])
    await dropTriggers(db)
    await db.deleteFrom('audit').execute()
    await db.deleteFrom('setting').where('key', '=', 'audit_key').execute()
    await rm(join(dataDir, 'audit-head.json'))
    await write('login.ok')
    expect((await verify()).problems).toEqual([expect.stringMatching(/how the first user came to be/)])
  })

  test('R24 a change and its entry are made together, whatever else is written', async () => {
    const { db, audit, verify } = await writtenLog(['anna'])
    const write = (value: string) => (trx: Db) => trx.insertInto('setting').values({ key: value, value }).execute()
    await Promise.all([
      audit.write(entry('ben')),
      audit.change(write('one'), () => entry('cleo')),
      audit.write(entry('dan')),
    ])
    expect((await listEntries(db, { limit: 9 })).map((e) => e.username).sort()).toEqual(['anna', 'ben', 'cleo', 'dan'])
    expect(await db.selectFrom('setting').select('key').where('key', '=', 'one').execute()).toHaveLength(1)
    await audit.close()
    expect(await verify()).toEqual({ entries: 4, problems: [] })
  })

  test('R24 a change whose entry cannot be written is not made, and the log stays whole', async () => {
    const { db, audit, verify } = await writtenLog(['anna'])
    const unwritable = { ...entry('eve'), detail: { size: 1n } } as unknown as AuditEntry
    const change = audit.change(
      (trx) => trx.insertInto('setting').values({ key: 'secretly', value: '1' }).execute(),
      () => unwritable,
    )
    await expect(change).rejects.toThrow(/BigInt/)
    expect(await db.selectFrom('setting').select('key').where('key', '=', 'secretly').execute()).toEqual([])
    await audit.write(entry('ben'))
    await audit.close()
    expect(await verify()).toEqual({ entries: 2, problems: [] })
  })

  test('R24 writes what repeats once a minute', async () => {
    const { db, audit, clock } = await writtenLog([])
    for (let i = 0; i < 5; i++) await audit.writeOnce('viewed', entry('anna'))
    clock.advance(61_000)
    await audit.writeOnce('viewed', entry('anna'))
    expect(await listEntries(db, { limit: 10 })).toHaveLength(2)
  })

  test('R24 of two who look at the same moment neither is let in by an entry that could not be written', async () => {
    const { db, audit } = await writtenLog([])
    await sql`alter table audit rename to audit_away`.execute(db)
    const looks = await Promise.allSettled([1, 2, 3].map(() => audit.writeOnce('viewed', entry('anna'))))
    expect(looks.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
    await sql`alter table audit_away rename to audit`.execute(db)
    await audit.writeOnce('viewed', entry('anna'))
    expect(await listEntries(db, { limit: 10 })).toHaveLength(1)
  })
})

async function dropTriggers(db: Db): Promise<void> {
  try {
    for (const operation of ['update', 'delete']) await sql.raw(`drop trigger audit_no_${operation}`).execute(db)
  } catch {
    await sql`drop trigger audit_no_change on audit`.execute(db)
  }
}
