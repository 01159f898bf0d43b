/** Restoring, on both databases: what comes back, what stays, and when nothing happens. */
import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { configureHouse, documentOf, dump, houseKey, nowMs, otherKey } from '../../../test/support/configured-house.ts'
import { onBothDatabases } from '../../../test/support/databases.ts'
import { hashPassword } from '../auth/password.ts'
import { useRecoveryCode } from '../auth/recovery-code-store.ts'
import { changeRole } from '../auth/role-store.ts'
import { addSession } from '../auth/session-store.ts'
import { addUser, newUser } from '../auth/user-store.ts'
import { changeCamera, findCamera, readPassword, removeCamera } from '../cameras/camera-store.ts'
import type { Db } from '../db/database.ts'
import type { BackupDocument } from './backup-document.ts'
import { readDocument } from './read-document.ts'
import { planRestore, restore } from './restore.ts'

/** As it is after encryption and decryption. */
function read(document: unknown): BackupDocument {
  const found = readDocument(Buffer.from(JSON.stringify(document)))
  if ('refused' in found) throw new Error(found.refused)
  return found.document
}
const options = { stateHash: undefined, nowMs }
const sessionsOf = async (db: Db, userId: string) =>
  (await db.selectFrom('session').select('id').where('user_id', '=', userId).execute()).map(({ id }) => id)

onBothDatabases('restore', (open) => {
  const openHouse = async () => configureHouse(await open())

  test('what was backed up is what a restore on the same installation leaves: nothing to do', async () => {
    const { db } = await openHouse()
    const before = await dump(db)
    const document = read(await documentOf(db))
    expect((await planRestore({ db, key: houseKey }, document, undefined)).kinds).toEqual([])
    await restore({ db, key: houseKey }, document, options)
    expect(await dump(db)).toEqual(before)
  })

  test('R20 a new installation with another key gets everything but sessions, and a second time changes nothing', async () => {
    const house = await openHouse()
    const document = read(await documentOf(house.db))
    const db = await open()
    const source = { db, key: otherKey }
    const plan = await planRestore(source, document, undefined)
    expect(plan.kinds.find(({ kind }) => kind === 'users')?.added.toSorted()).toEqual(['Anna', 'Ben'])
    expect(plan.kinds.find(({ kind }) => kind === 'cameras')?.added.toSorted()).toEqual(['Door', 'Yard'])
    await restore(source, document, options)
    // The volume of another machine is not made here: its rules wait for one of the same id or in the same place.
    expect(plan.warnings).toContainEqual({ about: 'unknown_volume', name: 'Big disk (/srv/footage)' })
    expect((await documentOf(db, otherKey)).configuration).toEqual({ ...document.configuration, volumes: [] })
    expect(await db.selectFrom('volume').selectAll().execute()).toEqual([])
    expect(await readPassword(db, otherKey, house.yard)).toBe('the yard’s password')
    expect(await sessionsOf(db, house.anna)).toEqual([])
    expect((await planRestore(source, document, undefined)).kinds).toEqual([])
    const before = await dump(db)
    await restore(source, document, options)
    expect(await dump(db)).toEqual(before)
  })

  test('brings back what was changed, added and removed since, and ends the sessions of changed users only', async () => {
    const house = await openHouse()
    const { db, anna, ben, yard, door, role } = house
    const document = read(await documentOf(db))
    const camera = await findCamera(db, yard)
    if (!camera) throw new Error('no camera')
    await changeCamera(db, houseKey, {
      id: yard,
      settings: { ...camera.settings, name: 'Garden' },
      password: 'another',
    })
    await removeCamera(db, door, nowMs)
    await changeRole(db, { id: role, name: 'Night guard', rights: ['view'], needsSecondFactor: false })
    const eve = newUser({ username: 'Eve', password_hash: document.configuration.users[0]?.passwordHash ?? '' }, nowMs)
    await addUser(db, eve)
    await db.updateTable('user').set({ language: 'de' }).where('id', '=', ben).execute()
    const sessions = await sessionsOf(db, anna)

    const plan = await planRestore({ db, key: houseKey }, document, { userId: anna })
    expect(plan.kinds).toMatchObject([
      { kind: 'users', before: 3, after: 2, added: [], removed: ['Eve'] },
      { kind: 'roles', changed: [{ name: 'Night guard' }] },
      { kind: 'groups', changed: [{ name: 'Outside', fields: [{ field: 'cameras', after: 'Door, Yard' }] }] },
      { kind: 'cameras', added: ['Door'], removed: [] },
    ])
    const fields = plan.kinds.find(({ kind }) => kind === 'cameras')?.changed[0]?.fields
    expect(fields).toEqual([
      { field: 'name', isSecret: false, before: 'Garden', after: 'Yard' },
      { field: 'password', isSecret: true, before: null, after: null },
    ])
    expect(JSON.stringify(plan)).not.toMatch(/argon2|another|the yard’s password/)
    expect(plan.endsSessionsOf.toSorted()).toEqual(['Ben', 'Eve'])

    const done = await restore({ db, key: houseKey }, document, { ...options, stateHash: plan.stateHash })
    expect(done).toMatchObject({ changesCameras: true, removedCameras: [] })
    expect((await documentOf(db)).configuration).toEqual(document.configuration)
    expect(await sessionsOf(db, anna)).toEqual(sessions)
    expect(await sessionsOf(db, ben)).toEqual([])
    expect((await planRestore({ db, key: houseKey }, document, undefined)).kinds).toEqual([])
  })

  test('a camera that is not in the backup goes out of sight with its password; its row stays for its footage', async () => {
    const { db, yard, door, ben } = await openHouse()
    const document = await documentOf(db)
    const { configuration } = document
    const smaller = read({
      ...document,
      configuration: {
        ...configuration,
        cameras: configuration.cameras.filter(({ id }) => id !== yard),
        groups: configuration.groups.map((group) => ({ ...group, cameras: [door] })),
        tokens: [],
        users: configuration.users.map((user) => (user.id === ben ? { ...user, grants: [] } : user)),
      },
    })
    expect(await restore({ db, key: houseKey }, smaller, options)).toMatchObject({ removedCameras: [yard] })
    const row = await db.selectFrom('camera').selectAll().where('id', '=', yard).executeTakeFirst()
    expect(row).toMatchObject({ deleted_ms: nowMs, password_sealed: null })
    await restore({ db, key: houseKey }, read(document), options)
    expect((await documentOf(db)).configuration).toEqual(configuration)
  })

  test('rights that lead nowhere do not come alive with a camera that comes back', async () => {
    const { db, yard, ben } = await openHouse()
    const document = await documentOf(db)
    const without = {
      ...document,
      configuration: {
        ...document.configuration,
        users: document.configuration.users.map((user) => (user.id === ben ? { ...user, grants: [] } : user)),
      },
    }
    await removeCamera(db, yard, nowMs)
    await restore({ db, key: houseKey }, read(without), options)
    const grants = await db.selectFrom('access_grant').selectAll().where('user_id', '=', ben).execute()
    expect(grants).toEqual([])
  })

  test('R18 no storage root is made, moved or removed, whatever paths are in a backup: only its rules arrive', async () => {
    const { db, volume } = await openHouse()
    const document = await documentOf(db)
    const [known] = document.configuration.volumes
    if (!known) throw new Error('no volume')
    const forged = read({
      ...document,
      configuration: {
        ...document.configuration,
        volumes: [
          { ...known, path: '/etc', name: 'Moved', reserveShare: 0.2 },
          { ...known, id: '01J0000000000000000000000Z', path: '/var/lib/elsewhere' },
        ],
      },
    })
    const plan = await planRestore({ db, key: houseKey }, forged, undefined)
    expect(plan.warnings).toEqual([{ about: 'unknown_volume', name: 'Big disk (/var/lib/elsewhere)' }])
    await restore({ db, key: houseKey }, forged, options)
    expect(await db.selectFrom('volume').selectAll().execute()).toMatchObject([
      { id: volume, path: '/srv/footage', marker: volume, name: 'Moved', reserve_share: 0.2 },
    ])
    expect(existsSync('/var/lib/elsewhere')).toBe(false)
    const none = { ...document, configuration: { ...document.configuration, volumes: [] } }
    await restore({ db, key: houseKey }, read(none), options)
    expect(await db.selectFrom('volume').selectAll().execute()).toHaveLength(1)
  })

  test('names, tokens and passkeys may have changed hands', async () => {
    const { db, anna, ben } = await openHouse()
    const document = await documentOf(db)
    const passkeys = document.configuration.users.find(({ id }) => id === anna)?.passkeys ?? []
    const swapped = read({
      ...document,
      configuration: {
        ...document.configuration,
        users: document.configuration.users.map((user) =>
          user.id === anna
            ? { ...user, username: 'Ben', email: null, passkeys: [] }
            : { ...user, username: 'Anna', email: 'anna@example.org', passkeys },
        ),
      },
    })
    await restore({ db, key: houseKey }, swapped, options)
    const users = await db.selectFrom('user').select(['id', 'username_folded', 'email_folded']).execute()
    expect(users.find(({ id }) => id === ben)).toMatchObject({
      username_folded: 'anna',
      email_folded: 'anna@example.org',
    })
    expect(users.find(({ id }) => id === anna)).toMatchObject({ username_folded: 'ben', email_folded: null })
  })

  test('what was used once stays used: recovery codes, TOTP steps, passkeys’ counters', async () => {
    const { db, anna } = await openHouse()
    const document = read(await documentOf(db))
    const codes = await db.selectFrom('recovery_code').selectAll().execute()
    await db
      .deleteFrom('recovery_code')
      .where('id', '=', codes[0]?.id ?? '')
      .execute()
    await db.updateTable('totp').set({ last_step: 99_999_999 }).execute()
    await db.updateTable('passkey').set({ counter: 77 }).execute()
    await db.updateTable('user').set({ language: 'de' }).where('id', '=', anna).execute()
    await restore({ db, key: houseKey }, document, options)
    expect(await db.selectFrom('recovery_code').selectAll().execute()).toHaveLength(9)
    expect(await db.selectFrom('totp').selectAll().execute()).toMatchObject([{ last_step: 99_999_999 }])
    expect(await db.selectFrom('passkey').selectAll().execute()).toMatchObject([{ counter: 77 }])
    expect(await useRecoveryCode(db, anna, 'not one of them')).toBe(false)
  })

  test('R20 a plan that is out of date, or a failure at the last moment, changes nothing', async () => {
    const { db, ben } = await openHouse()
    const document = await documentOf(db)
    await db.updateTable('user').set({ language: 'de' }).where('id', '=', ben).execute()
    const { stateHash } = await planRestore({ db, key: houseKey }, read(document), undefined)
    await db.updateTable('user').set({ username: 'Benno' }).where('id', '=', ben).execute()
    const before = await dump(db)
    const source = { db, key: houseKey }
    await expect(restore(source, read(document), { ...options, stateHash })).rejects.toMatchObject({ code: 'conflict' })
    const fails = async () => {
      throw new Error('the disk is full')
    }
    await expect(restore(source, read(document), { ...options, beforeCommit: fails })).rejects.toThrow(
      'the disk is full',
    )
    expect(await dump(db)).toEqual(before)
  })

  test('R4 an edited backup is no way to another password of one’s own: it ends the session', async () => {
    const { db, anna, ben } = await openHouse()
    const document = await documentOf(db)
    const source = { db, key: houseKey }
    const sessions = await sessionsOf(db, anna)
    expect(sessions).toHaveLength(1)
    await db.updateTable('user').set({ language: 'de' }).where('id', '=', ben).execute()
    expect(await planRestore(source, read(document), { userId: anna })).toMatchObject({ signsYouOut: false })
    await restore(source, read(document), options)
    expect(await sessionsOf(db, anna), 'another’s account').toEqual(sessions)

    await addSession(db, { userId: ben, address: '10.0.0.1', userAgent: '' }, nowMs)
    const bens = await sessionsOf(db, ben)
    const passwordHash = await hashPassword('another quiet lantern')
    const users = document.configuration.users.map((user) => (user.id === anna ? { ...user, passwordHash } : user))
    const forged = read({ ...document, configuration: { ...document.configuration, users } })
    const plan = await planRestore(source, forged, { userId: anna })
    expect(plan).toMatchObject({ locksYouOut: false, signsYouOut: true, endsSessionsOf: ['Anna'] })
    expect(plan.warnings).toEqual([{ about: 'your_password_changes', name: 'Anna' }])
    expect(await planRestore(source, forged, { userId: ben })).toMatchObject({ signsYouOut: false })
    await restore(source, forged, options)
    expect(await sessionsOf(db, anna)).toEqual([])
    expect(await sessionsOf(db, ben)).toEqual(bens)
  })

  test('tells the actor what becomes of them', async () => {
    const { db, anna } = await openHouse()
    const document = await documentOf(db)
    const actor = { userId: anna }

    const with_ = (change: object) =>
      read({
        ...document,
        configuration: {
          ...document.configuration,
          users: [
            ...document.configuration.users.map((user) => (user.id === anna ? { ...user, ...change } : user)),
            {
              ...document.configuration.users.find(({ id }) => id === anna),
              id: '01J0000000000000000000000Z',
              username: 'Zoe',
              email: null,
              passkeys: [],
              recoveryCodes: [],
              avatar: null,
            },
          ],
        },
      })
    const planFor = (change: object) => planRestore({ db, key: houseKey }, with_(change), actor)
    expect(await planFor({ disabled: true })).toMatchObject({
      locksYouOut: true,
      warnings: [
        { about: 'new_admin', name: 'Zoe' },
        { about: 'you_are_disabled', name: 'Anna' },
      ],
    })
    expect(await planFor({ role: 'viewer' })).toMatchObject({ locksYouOut: true })
    expect(await planFor({})).toMatchObject({ locksYouOut: false })
    await restore({ db, key: houseKey }, with_({ role: 'viewer' }), options)
    expect(await sessionsOf(db, anna)).toEqual([])
  })

  test('says when the audit log here is not the one that the backup knew', async () => {
    const { db } = await openHouse()
    const document = read({ ...(await documentOf(db)), auditEnd: { seq: 40, hash: 'a'.repeat(64) } })
    const plan = await planRestore({ db, key: houseKey }, document, undefined)
    expect(plan.warnings).toEqual([{ about: 'audit_log_cut', name: '40' }])
  })
})
