/** What may be had once is had once, also by many at the same moment: the stores of credentials, on both databases. */
import { TOTP } from 'otpauth'
import { expect, test } from 'vitest'
import { onBothDatabases } from '../../../test/support/databases.ts'
import { countAttempt, passwordLimit } from './attempt-store.ts'
import { changeUser, removeUser } from './change-user.ts'
import { needsEnrolment } from './factor-policy.ts'
import { addStage, endStage, findStage, takeAttempt } from './login-stage-store.ts'
import { keepChallenge, takeChallenge } from './passkey-store.ts'
import { readPolicy, writePolicy } from './policy-store.ts'
import { makeRecoveryCodes, useRecoveryCode } from './recovery-code-store.ts'
import { addSession, endedSessions, rotateSession, useSession } from './session-store.ts'
import { addToken, useToken } from './token-store.ts'
import { acceptTotp, beginTotp, confirmTotp } from './totp-store.ts'
import { addUser, newUser } from './user-store.ts'

const nowMs = Date.UTC(2026, 5, 1)
const key = Buffer.alloc(32, 7)

onBothDatabases('credentials', (open) => {
  async function withUser() {
    const db = await open()
    const user = newUser({ username: 'Anna', password_hash: 'x' }, nowMs)
    await addUser(db, user)
    return { db, user, userId: user.id }
  }
  /** How many of so many at once got it. */
  const winners = async (count: number, tryIt: () => Promise<boolean>) =>
    (await Promise.all(Array.from({ length: count }, tryIt))).filter(Boolean).length

  test('R4 a TOTP step, a recovery code and a challenge', async () => {
    const { db, user, userId } = await withUser()
    const { secret } = await beginTotp(db, key, user, nowMs)
    const codeAt = (timestamp: number) => new TOTP({ secret }).generate({ timestamp })
    expect(await confirmTotp(db, key, userId, codeAt(nowMs), nowMs)).toBe(true)
    const nextMs = nowMs + 60_000
    expect(await winners(5, () => acceptTotp(db, key, userId, codeAt(nextMs), nextMs))).toBe(1)
    const [code = ''] = await makeRecoveryCodes(db, userId, nowMs)
    expect(await winners(5, () => useRecoveryCode(db, userId, code))).toBe(1)
    for (const challenge of ['first', 'second']) await keepChallenge(db, 'login', challenge, nowMs)
    const taken = await Promise.all([takeChallenge(db, 'login', nowMs), takeChallenge(db, 'login', nowMs)])
    expect(taken.filter((one) => one !== undefined)).toEqual(['second'])
  })

  test('R7 ten attempts of a stage and of an account', async () => {
    const { db, userId } = await withUser()
    const { value } = await addStage(db, userId, nowMs)
    const stage = await findStage(db, value, nowMs)
    expect(await winners(14, () => takeAttempt(db, stage?.id ?? ''))).toBe(10)
    expect(await winners(2, () => endStage(db, stage?.id ?? ''))).toBe(1)
    expect(await winners(14, () => countAttempt(db, ['account:a', 'address:b'], nowMs))).toBe(passwordLimit.attempts)
    expect(await countAttempt(db, ['account:a'], nowMs + passwordLimit.windowMs)).toBe(true)
  })

  test('R3 a rotated session opens with its new cookie only, and what is over is told', async () => {
    const { db, userId } = await withUser()
    const cookie = await addSession(db, { userId, address: '', userAgent: '' }, nowMs)
    const sessionId = (await useSession(db, cookie, nowMs))?.session.id ?? ''
    const rotated = await rotateSession(db, sessionId)
    expect(await useSession(db, cookie, nowMs)).toBeUndefined()
    expect((await useSession(db, rotated, nowMs))?.session.id).toBe(sessionId)
    const made = await addToken(db, { userId, name: 'x', rights: ['view'], cameras: null, days: 1 }, nowMs)
    expect((await useToken(db, made.token, '', nowMs))?.id).toBe(made.id)
    expect(await endedSessions(db, [sessionId, made.id, 'gone'], nowMs)).toEqual(['gone'])
    expect(await endedSessions(db, [made.id], nowMs + 86_400_000)).toEqual([made.id])
  })

  const ways = ['demote', 'disable', 'delete'] as const
  test.each(ways)('R5 one administrator is left when all %s each other at the same moment', async (how) => {
    const { db, userId } = await withUser()
    const others = ['Ben', 'Cem', 'Dia'].map((username) => newUser({ username, password_hash: 'x' }, nowMs))
    for (const other of others) await addUser(db, other)
    const ids = [userId, ...others.map(({ id }) => id)]
    const attack = (id: string, byId: string) =>
      how === 'delete'
        ? removeUser(db, id, byId)
        : changeUser(db, { id, byId }, how === 'demote' ? { role: 'viewer' } : { disabled: true }, nowMs)
    const outcomes = await Promise.allSettled(ids.flatMap((byId) => ids.map((id) => attack(id, byId))))
    const admins = db.selectFrom('user').select('id').where('role', '=', 'admin').where('disabled', '=', 0)
    expect(await admins.execute()).toHaveLength(1)
    // Every refusal is one that can be told to a person, not a database's complaint.
    for (const outcome of outcomes)
      if (outcome.status === 'rejected')
        expect(outcome.reason).toMatchObject({ code: expect.stringMatching(/^(conflict|forbidden|not_found)$/) })
  })

  test('a name is taken once, by however many at the same moment', async () => {
    const { db } = await withUser()
    const many = Array.from({ length: 5 }, () => addUser(db, newUser({ username: 'Same', password_hash: 'x' }, nowMs)))
    const outcomes = await Promise.allSettled(many)
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  test('a refused change leaves nothing of itself', async () => {
    const { db, user } = await withUser()
    await expect(
      changeUser(db, { id: user.id, byId: user.id }, { username: 'Eve', disabled: true }, nowMs),
    ).rejects.toThrow(/last administrator/)
    expect((await db.selectFrom('user').select('username').executeTakeFirst())?.username).toBe('Anna')
    for (const adminsNeedSecondFactor of [false, true])
      await writePolicy(db, { adminsNeedSecondFactor, viewersNeedSecondFactor: false })
    expect(await readPolicy(db)).toMatchObject({ adminsNeedSecondFactor: true })
    expect(await needsEnrolment(db, user)).toBe(true)
  })
})
