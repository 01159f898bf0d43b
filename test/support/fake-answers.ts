/** Answers like the server, from a house in memory (fake-house.ts) as it is now. */
import type { CameraSettings, CameraView } from '@vedette/shared/camera.ts'
import type { LanguageChoice } from '@vedette/shared/language.ts'
import type { VolumeView } from '@vedette/shared/storage.ts'
import type { Me } from '@vedette/shared/user.ts'
import { accountAnswer } from './fake-accounts.ts'
import { type Answer, Refusal } from './fake-api.ts'
import { fakeDays, fakeTimeline, noParts } from './fake-footage.ts'
import { day, fakeId, gb, houseCameras, houseStatus, houseVolume, scene } from './fake-house.ts'
import { fakeReport } from './fake-report.ts'

export interface House {
  cameras: CameraView[]
  volumes: VolumeView[]
  isSetUp: boolean
  isSignedIn: boolean
  closedReason: string | null
  role: 'admin' | 'viewer'
  /** Signing in asks for a second factor. */
  hasSecondFactor: boolean
  mustEnrol: boolean
  /** What the account says. */
  language: LanguageChoice
  hasPicture: boolean
  /** Of what is being written nothing is known. */
  isDiskStuck: boolean
}

export function openHouse(part: Partial<House> = {}): House {
  const cameras = houseCameras()
  return {
    cameras,
    volumes: [houseVolume(cameras)],
    isSetUp: true,
    isSignedIn: true,
    closedReason: null,
    role: 'admin',
    hasSecondFactor: false,
    mustEnrol: false,
    language: 'en',
    hasPicture: false,
    isDiskStuck: false,
    ...part,
  }
}

const wrongPassword = 'wrong password'

/** Answers like the server, from the house as it is now. */
export const answerFor =
  (house: House): Answer =>
  ({ method, path, query, body }) => {
    const me: Me = {
      id: fakeId(800),
      username: 'anna',
      role: house.role,
      language: house.language,
      email: null,
      defaultPage: null,
      avatarId: house.hasPicture ? fakeId(830) : null,
      hasSecondFactor: house.hasSecondFactor,
      mustEnrol: house.mustEnrol,
    }
    const given = (body ?? {}) as Record<string, unknown>
    if (path === '/api/setup' && method === 'GET')
      return {
        needed: !house.isSetUp,
        closedReason: house.closedReason,
        volume: { path: '/srv/vedette/footage', freeBytes: 710 * gb, daysAt4MbitPerCamera: 16.4 },
      }
    if (path === '/api/setup' || path === '/api/login') {
      if (given.password === wrongPassword)
        throw new Refusal(401, 'unauthenticated', 'The user name or the password is wrong.')
      if (house.hasSecondFactor) return { secondFactor: ['totp', 'recovery'], untilMs: Date.now() + 300_000 }
      house.isSetUp = true
      house.isSignedIn = true
      return me
    }
    if (!house.isSignedIn) throw new Refusal(401, 'unauthenticated', 'Sign in first.')
    if (path === '/api/me') return me
    if (path === '/api/logout') {
      house.isSignedIn = false
      return {}
    }
    if (path === '/api/system/status') return houseStatus(house.cameras)
    if (path === '/api/system/report') return fakeReport
    if (path === '/api/certificate') return fakeCertificates
    if (path === '/api/cameras' && method === 'GET')
      return {
        cameras:
          house.role === 'admin'
            ? house.cameras
            : house.cameras.map((one) => ({ ...one, settings: null, hasPassword: false })),
      }
    if (path === '/api/cameras/probe') return probed(String(given.address))
    if (path === '/api/time-zone') return { timeZone: 'Europe/Rome' }
    if (path === '/api/volumes') return { volumes: house.volumes }
    if (path.endsWith('/simulate')) return simulated(house, given)
    if (path === '/api/receipts') return receipts(query.get('cursor'))
    if (path === '/api/events') return { events: query.get('kept') ? keptEvents(house) : [], nextCursor: null }
    if (path.startsWith('/api/events/') && method === 'PATCH')
      return { ...keptEvents(house).find(({ id }) => path.endsWith(id)), ...given }
    if (path === '/api/timeline') {
      const cameraIds = house.cameras.map(({ id }) => id)
      return { ...fakeTimeline(query, cameraIds), ...(house.isDiskStuck && { unread: cameraIds.slice(0, 2) }) }
    }
    return accountAnswer({ method, path, query, body }) ?? ofCamera(house, { method, path, query, body })
  }

const fakeCertificates = {
  certificates: [
    {
      kind: 'local',
      names: ['vedette.lan', '192.168.1.4', 'localhost', '127.0.0.1', '::1'],
      issuer: 'Vedette, Vedette on nas',
      endsMs: Date.now() + 300 * day,
      fingerprint: Array.from({ length: 32 }, (_, i) => (i * 7).toString(16).padStart(2, '0').toUpperCase()).join(':'),
    },
  ],
  authority: null,
}

/** The last is of a camera that was deleted. */
const keptEvents = ({ cameras }: House) =>
  [...cameras.slice(0, 3).map(({ id }) => id), fakeId(999)].map((cameraId, n) => ({
    id: fakeId(900 + n),
    cameraId,
    kind: n === 1 ? 'manual' : 'motion',
    startMs: Date.now() - n * 40 * day,
    endMs: Date.now() - n * 40 * day + 17_000,
    zones: [],
    score: 0.2,
    hasPicture: false,
    kept: true,
  }))

function ofCamera(house: House, { method, path, body }: Parameters<Answer>[0]): unknown {
  const [, id, part] = /^\/api\/cameras\/([^/]+)(\/[^/]+)?/.exec(path) ?? []
  const one = house.cameras.find((camera) => camera.id === id)
  if (!one) return undefined
  if (part === '/parts') return noParts
  if (part === '/days') return fakeDays()
  if (part === '/previews') return { times: [] }
  if (part === '/frame.jpg') {
    if (one.status.state !== 'online') throw new Refusal(503, 'vision_unavailable', 'There is no picture.')
    return scene(house.cameras.indexOf(one) * 47 + 190)
  }
  if (method === 'DELETE') {
    house.cameras = house.cameras.filter((camera) => camera !== one)
    return {}
  }
  if (method === 'PATCH' && one.settings) {
    const { password: _, ...change } = body as Partial<CameraSettings> & { password?: string }
    const changed = { ...one.settings, ...change }
    const { name, location, enabled, order, liveMode } = changed
    const next = { ...one, name, location, enabled, order, liveMode, settings: changed }
    house.cameras = house.cameras.map((camera) => (camera === one ? next : camera))
    return next
  }
  return undefined
}

function probed(address: string) {
  const bare = { address, username: null, codec: null, width: null, height: null, audioCodec: null, picture: null }
  if (address.includes('wrong'))
    return {
      ...bare,
      ok: false,
      code: 'camera_unauthorized',
      message: 'The camera refuses the user name or the password. Type them again.',
    }
  const picture = `data:image/svg+xml,${encodeURIComponent(scene(200))}`
  return { ...bare, ok: true, code: null, message: null, codec: 'h264', width: 1920, height: 1080, picture }
}

function simulated(house: House, given: Record<string, unknown>) {
  const room = typeof given.quotaBytes === 'number' ? given.quotaBytes : 1734 * gb
  return {
    cameras: house.cameras.map(({ id, name }, n) => ({
      cameraId: id,
      name,
      days: n === 4 ? null : room / (172.4 * gb) + n * 0.3,
    })),
  }
}

function receipts(cursor: string | null) {
  const first = cursor === null ? 0 : 5
  return {
    receipts: Array.from({ length: 5 }, (_, n) => ({
      id: fakeId(700 + first + n),
      atMs: Date.now() - (first + n) * 5 * 3_600_000,
      cameraId: fakeId(1 + (n % 3)),
      cameraName: ['Yard', 'Front door', 'Garage'][n % 3] ?? '',
      startMs: Date.now() - 12 * day - n * 3_600_000,
      endMs: Date.now() - 12 * day - (n - 1) * 3_600_000,
      segments: 60,
      sizeBytes: (1.8 + n / 10) * gb,
      rule: (['quota', 'days', 'reserve'] as const)[n % 3] ?? 'quota',
    })),
    nextCursor: cursor === null ? 'next' : null,
  }
}
