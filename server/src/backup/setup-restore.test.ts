/** R20 restoring instead of making the first administrator: only with the console's code, only while nobody is there. */
import { restorePlan } from '@vedette/shared/backup.ts'
import { expect, onTestFinished, test } from 'vitest'
import { configureHouse, documentOf, passphrase } from '../../../test/support/configured-house.ts'
import { AuditLog } from '../audit/audit-log.ts'
import { listEntries } from '../audit/audit-store.ts'
import { SetupCode } from '../auth/setup-code.ts'
import { requireSetupCode } from '../auth/setup-door.ts'
import { addFirstAdmin, listUsers, newUser } from '../auth/user-store.ts'
import { openDatabase } from '../db/database.ts'
import { openHttp } from '../http/server.ts'
import { ManualClock } from '../lib/clock.ts'
import { silentLog as log } from '../lib/log.ts'
import { encryptDocument } from './age.ts'
import { AutomaticBackup } from './automatic-backup.ts'
import { backupRoutes } from './backup-routes.ts'
import { PendingRestore } from './pending-restore.ts'

async function archiveOfAHouse() {
  const db = await openDatabase({ kind: 'sqlite', path: ':memory:' })
  await configureHouse(db)
  const document = await documentOf(db)
  await db.destroy()
  return Buffer.from(await encryptDocument(document, passphrase, 10))
}

async function newMachine({ closedReason = null as string | null } = {}) {
  const clock = new ManualClock()
  const key = Buffer.alloc(32, 7)
  const db = await openDatabase({ kind: 'sqlite', path: ':memory:' })
  onTestFinished(() => db.destroy())
  const audit = new AuditLog({ db, key, dataDir: null, clock, log })
  const code = new SetupCode()
  let isOpen = true
  const restored: unknown[] = []
  const http = await openHttp({
    guard: {
      findCaller: async () => undefined,
      camerasOf: async () => [],
      findCameraOf: { camera: async () => undefined, event: async () => undefined, segment: async () => undefined },
    },
    hosts: () => [],
    webDir: '/nowhere',
    clock,
    log,
  })
  const door = {
    db,
    clock,
    auditOnce: audit.writeOnce.bind(audit),
    setupCode: () => (isOpen ? code : undefined),
    setupClosedReason: () => closedReason,
  }
  backupRoutes(http, {
    db,
    key,
    version: '0',
    clock,
    audit: audit.write,
    change: audit.change,
    automatic: new AutomaticBackup({
      db,
      key,
      version: '0',
      folder: '/nowhere',
      clock,
      log,
      onMade: async () => {},
      onFailed: async () => {},
    }),
    pending: new PendingRestore({ db, key }, clock),
    checkPassphrase: () => {},
    onRestored: async (facts) => void restored.push(facts),
    setup: {
      requireCode: (request, given) => requireSetupCode(door, request, given),
      close: () => {
        isOpen = false
      },
    },
  })
  const host = '127.0.0.1:8080'
  const upload = (archive: Buffer, given = code.shown) =>
    http.inject({
      method: 'POST',
      url: '/api/setup/restore/uploads',
      payload: archive,
      headers: { host, 'content-type': 'application/octet-stream', 'x-vedette-setup-code': given },
    })
  const post = (path: string, payload: object) =>
    http.inject({ method: 'POST', url: `/api/setup/restore/${path}`, payload, headers: { host } })
  const lookAt = async (archive: Buffer, given = passphrase) =>
    post('plans', { code: code.shown, upload: (await upload(archive)).json().id, passphrase: given })
  const kinds = async () => (await listEntries(db, { limit: 50 })).map(({ kind }) => kind)
  return { db, clock, code, upload, post, lookAt, kinds, restored }
}

test('R20 a backup is looked at, then becomes the configuration, and set-up is over', async () => {
  const archive = await archiveOfAHouse()
  const { db, code, post, lookAt, upload, kinds, restored } = await newMachine()
  const plan = restorePlan.parse((await lookAt(archive)).json())
  expect(plan.warnings).toContainEqual({ about: 'new_admin', name: 'Anna' })
  expect(plan.kinds.map(({ kind }) => kind)).toContain('cameras')
  expect(plan.locksYouOut).toBe(false)
  expect(await listUsers(db)).toEqual([])
  const done = await post(`plans/${plan.id}/confirm`, { code: code.shown })
  expect(done.json()).toMatchObject({ isSignedOut: true })
  expect((await listUsers(db)).map(({ username }) => username)).toContain('Anna')
  expect(restored).toHaveLength(1)
  expect((await kinds()).slice(0, 2)).toEqual(['backup.restored', 'backup.restore_begun'])
  const [entry] = await listEntries(db, { limit: 1 })
  expect(entry).toMatchObject({ userId: null, username: '(set-up)' })
  expect((await upload(archive)).json().code).toBe('setup_closed')
})

test('R1 no step goes without the code, and wrong ones are counted as those of set-up are', async () => {
  const archive = await archiveOfAHouse()
  const { db, post, lookAt, upload, kinds } = await newMachine()
  expect((await upload(archive, 'wrong')).json()).toMatchObject({ code: 'forbidden', field: 'code' })
  const plan = restorePlan.parse((await lookAt(archive)).json())
  expect((await post(`plans/${plan.id}/confirm`, { code: 'wrong' })).statusCode).toBe(403)
  expect((await post('plans', { code: 'wrong', upload: plan.id, passphrase })).statusCode).toBe(403)
  for (let i = 0; i < 27; i++) await upload(archive, `wrong ${i}`)
  expect((await upload(archive, 'wrong again')).statusCode).toBe(429)
  expect((await upload(archive)).statusCode, 'the right one is taken all the same').toBe(201)
  expect(await listUsers(db)).toEqual([])
  expect(await kinds()).toContain('login.failed')
})

test('R20 what was looked at is not done once somebody has set Vedette up', async () => {
  const { db, clock, code, post, lookAt } = await newMachine()
  const plan = restorePlan.parse((await lookAt(await archiveOfAHouse())).json())
  await addFirstAdmin(db, newUser({ username: 'quicker', password_hash: 'x' }, clock.nowMs()))
  expect((await post(`plans/${plan.id}/confirm`, { code: code.shown })).json().code).toBe('setup_closed')
  expect((await listUsers(db)).map(({ username }) => username)).toEqual(['quicker'])
})

test('R20 a wrong passphrase opens nothing, and where set-up is closed no backup opens it', async () => {
  const archive = await archiveOfAHouse()
  const { lookAt } = await newMachine()
  expect((await lookAt(archive, 'another passphrase')).json().code).toBe('backup_refused')
  const closed = await newMachine({ closedReason: 'There is footage here, but no database.' })
  expect((await closed.upload(archive)).json()).toMatchObject({ code: 'setup_closed' })
})
