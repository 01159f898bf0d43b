/** The accounts of the fake house: users, roles, groups, second factors, sessions, tokens and the audit log. */
import type { AuditView } from '@vedette/shared/audit.ts'
import type { GroupView } from '@vedette/shared/group.ts'
import type { SecondFactorState } from '@vedette/shared/second-factor.ts'
import type { TokenView } from '@vedette/shared/token.ts'
import type { AccountPolicy, RoleView, SessionView, UserView } from '@vedette/shared/user.ts'
import { type Answer, Refusal } from './fake-api.ts'
import { day, fakeId } from './fake-house.ts'

const hour = 3_600_000
const chrome = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36'
const phone = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1'

export const recoveryCodes = Array.from({ length: 10 }, (_, n) => `k7mq-3xnd-9wfa-hp2t-vz6c-r8eb-${n}s`)

/** Answers about accounts; undefined where the path is about something else. */
export function accountAnswer({ method, path, query }: Parameters<Answer>[0], nowMs = Date.now()): unknown {
  if (path === '/api/me/second-factor') return secondFactor(nowMs)
  if (path === '/api/me/totp') {
    const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'
    return {
      secret,
      uri: `otpauth://totp/Vedette:anna?issuer=Vedette&secret=${secret}&algorithm=SHA1&digits=6&period=30`,
    }
  }
  if (path === '/api/me/totp/confirm') return { recoveryCodes }
  if (path === '/api/me/sessions' || path.endsWith('/sessions')) return { sessions: sessions(nowMs) }
  if (path === '/api/tokens') return { tokens: tokens(nowMs) }
  if (path === '/api/me/tokens' && method === 'POST')
    throw new Refusal(401, 'reauthentication_required', 'Give your password again to do this.')
  if (path === '/api/me/tokens') return { tokens: tokens(nowMs).slice(0, 1) }
  if (path === '/api/users') return { users: users(nowMs) }
  if (path === '/api/roles') return { roles }
  if (path === '/api/groups') return { groups }
  if (path === '/api/policy') return policy
  if (path === '/api/audit/verify') return { entries: 1234, problems: [] }
  if (path === '/api/audit') return auditPage(Number(query.get('beforeSeq') ?? 500), nowMs)
  return undefined
}

const secondFactor = (nowMs: number): SecondFactorState => ({
  totp: true,
  recoveryCodes: 2,
  isRequired: true,
  passkeys: [
    {
      id: fakeId(820),
      name: "Anna's laptop",
      host: 'vedette.home.arpa',
      createdMs: nowMs - 40 * day,
      lastUsedMs: nowMs - 2 * hour,
    },
  ],
  devices: [
    {
      id: fakeId(821),
      createdMs: nowMs - 9 * day,
      lastUsedMs: nowMs - hour,
      expiresMs: nowMs + 21 * day,
      address: '192.168.1.40',
      userAgent: chrome,
      isCurrent: true,
    },
  ],
})

const sessions = (nowMs: number): SessionView[] =>
  [chrome, phone].map((userAgent, n) => ({
    id: fakeId(830 + n),
    createdMs: nowMs - (n + 1) * day,
    lastUsedMs: nowMs - n * 5 * hour,
    address: n === 0 ? '192.168.1.40' : '2001:db8:85a3:8d3:1319:8a2e:370:7348',
    userAgent,
    isCurrent: n === 0,
  }))

const tokens = (nowMs: number): TokenView[] =>
  ['Home automation', 'Backup script'].map((name, n) => ({
    id: fakeId(840 + n),
    userId: fakeId(800 + n),
    username: ['anna', 'bruno'][n] ?? '',
    name,
    rights: n === 0 ? ['view', 'control'] : ['replay'],
    cameras: n === 0 ? [fakeId(1), fakeId(2)] : null,
    createdMs: nowMs - 30 * day,
    expiresMs: nowMs + (n === 0 ? 60 : -2) * day,
    lastUsedMs: n === 0 ? nowMs - 60_000 : null,
    lastAddress: n === 0 ? '192.168.1.9' : null,
  }))

const roles: readonly RoleView[] = [
  { id: fakeId(850), name: 'Gate keeper', rights: ['view', 'control', 'audio'], needsSecondFactor: true },
]
const groups: readonly GroupView[] = [
  { id: fakeId(860), name: 'Outside', cameras: [fakeId(1), fakeId(2), fakeId(4)] },
  { id: fakeId(861), name: 'Not yet used', cameras: [] },
]
const policy: AccountPolicy = { adminsNeedSecondFactor: true, viewersNeedSecondFactor: false }

function users(nowMs: number): UserView[] {
  const factor = { totp: false, passkeys: 0, recoveryCodes: 0 }
  const plain = {
    email: null,
    avatarId: null,
    disabled: false,
    needsSecondFactor: false,
    secondFactor: factor,
    createdMs: nowMs - 90 * day,
  }
  return [
    {
      ...plain,
      id: fakeId(800),
      username: 'anna',
      email: 'anna@example.org',
      role: 'admin',
      grants: [],
      needsSecondFactor: true,
      secondFactor: { totp: true, passkeys: 1, recoveryCodes: 2 },
      lastUsedMs: nowMs - 60_000,
    },
    {
      ...plain,
      id: fakeId(801),
      username: 'bruno',
      role: 'viewer',
      needsSecondFactor: true,
      grants: [
        { on: { group: fakeId(860) }, roleId: fakeId(850) },
        { on: { camera: fakeId(4) }, rights: ['view', 'replay'] },
      ],
      lastUsedMs: nowMs - 20 * day,
    },
    { ...plain, id: fakeId(802), username: 'carla', role: 'viewer', grants: [], disabled: true, lastUsedMs: null },
  ]
}

function auditPage(beforeSeq: number, nowMs: number) {
  const kinds = ['login.ok', 'login.failed', 'camera.changed', 'footage.viewed', 'user.changed', 'newer.kind']
  const entries = Array.from({ length: 40 }, (_, n): AuditView => {
    const kind = kinds[n % kinds.length] ?? 'login.ok'
    return {
      seq: beforeSeq - 1 - n,
      atMs: nowMs - (500 - beforeSeq + n) * hour,
      kind,
      userId: kind === 'login.failed' ? null : fakeId(800),
      username: kind === 'login.failed' ? '(unknown name)' : 'anna',
      address: '192.168.1.40',
      object: kind.startsWith('camera') || kind.startsWith('footage') ? `camera ${fakeId(1)}` : '',
      detail: kind === 'camera.changed' ? { before: { keepDays: 30 }, after: { keepDays: 14 } } : {},
      hash: 'b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c',
    }
  })
  return { entries, nextBeforeSeq: beforeSeq > 420 ? (entries.at(-1)?.seq ?? null) : null }
}
