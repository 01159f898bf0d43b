/** What waits for a confirmation: whose it is, how long it waits, and how much may come in. */
import { expect, test } from 'vitest'
import { configureHouse, documentOf, houseKey, passphrase } from '../../../test/support/configured-house.ts'
import { openDatabase } from '../db/database.ts'
import { ManualClock } from '../lib/clock.ts'
import { encryptDocument, maxArchiveBytes } from './age.ts'
import { PendingRestore } from './pending-restore.ts'

const minuteMs = 60_000
const mayStill = async () => {}
async function* pieces(...list: readonly Uint8Array[]) {
  yield* list
}

test('R20 an upload and a plan are their administrator’s, for fifteen minutes', async () => {
  const db = await openDatabase({ kind: 'sqlite', path: ':memory:' })
  const { anna } = await configureHouse(db)
  const archive = await encryptDocument(await documentOf(db), passphrase, 10)
  const clock = new ManualClock()
  const pending = new PendingRestore({ db, key: houseKey }, clock)
  const [actor, other] = [
    { userId: anna, sessionId: 's' },
    { userId: 'another', sessionId: 't' },
  ]
  const { id } = await pending.receive(pieces(archive.subarray(0, 100), archive.subarray(100)), actor, mayStill)
  expect(() => pending.uploaded(id, other)).toThrow(/upload is over/)
  const signedOut = async () => {
    throw new Error('Sign in first.')
  }
  await expect(pending.receive(pieces(new Uint8Array(1)), actor, signedOut)).rejects.toThrow('Sign in first.')
  const plan = await pending.plan(pending.uploaded(id, actor), passphrase, actor)
  expect(() => pending.planned(plan.id, other, true)).toThrow(/is over/)
  expect(pending.planned(plan.id, actor, false).kinds).toEqual([])
  clock.advance(16 * minuteMs)
  expect(() => pending.uploaded(id, actor)).toThrow(/upload is over/)
  await expect(async () => pending.carryOut(plan.id, actor, db)).rejects.toMatchObject({ code: 'not_found' })
  await db.destroy()
})

test('R20 what grows too large is refused while it comes in, and only one comes in at a time', async () => {
  const db = await openDatabase({ kind: 'sqlite', path: ':memory:' })
  const pending = new PendingRestore({ db, key: houseKey }, new ManualClock())
  const actor = { userId: 'anna', sessionId: 's' }
  let sent = 0
  async function* endless() {
    for (;;) {
      sent += 1_000_000
      yield new Uint8Array(1_000_000)
    }
  }
  await expect(pending.receive(endless(), actor, mayStill)).rejects.toMatchObject({ code: 'payload_too_large' })
  expect(sent).toBeLessThan(maxArchiveBytes + 2_000_000)
  const gate = Promise.withResolvers<void>()
  async function* slow() {
    await gate.promise
    yield new Uint8Array(1)
  }
  const first = pending.receive(slow(), actor, mayStill)
  await expect(pending.receive(pieces(new Uint8Array(1)), actor, mayStill)).rejects.toMatchObject({
    code: 'too_many_requests',
  })
  gate.resolve()
  expect(await first).toMatchObject({ sizeBytes: 1 })
  await db.destroy()
})
