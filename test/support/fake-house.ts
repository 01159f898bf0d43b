/** A house with cameras in every state, for the fake API: builders with defaults and the answers made of them. */
import type { CameraSettings, CameraStatus, CameraView, StreamFacts } from '@vedette/shared/camera.ts'
import type { VolumeView } from '@vedette/shared/storage.ts'
import type { SystemStatus } from '@vedette/shared/system.ts'
import type { Me } from '@vedette/shared/user.ts'
import { type Answer, Refusal } from './fake-api.ts'

const minute = 60_000
const day = 86_400_000
const gb = 1e9
export const fakeId = (n: number) => `01JD${String(n).padStart(22, '0')}`

const facts: StreamFacts = {
  codec: 'h264',
  width: 1920,
  height: 1080,
  fps: 25,
  kbitPerS: 4120,
  gopS: 2,
  audioCodec: null,
  packetsLost: 0,
  framesReceived: 90_000,
  framesDropped: 0,
}
const subFacts: StreamFacts = { ...facts, width: 640, height: 360, fps: 10, kbitPerS: 396 }

export const settings = (part: Partial<CameraSettings> = {}): CameraSettings => ({
  name: 'Yard',
  location: 'Behind the house',
  enabled: true,
  address: 'rtsp://192.168.1.20:554/stream1',
  subAddress: 'rtsp://192.168.1.20:554/stream2',
  username: 'admin',
  transport: 'tcp',
  liveMode: 'auto',
  mode: 'continuous',
  preRollMs: 5000,
  postRollMs: 10_000,
  recordAudio: false,
  keepDays: null,
  motion: { enabled: true, sensitivity: 50, minArea: 0.002, minFrames: 2, quietMs: 10_000, zones: [] },
  order: 0,
  ...part,
})

export function camera(
  n: number,
  given: Partial<CameraSettings>,
  status: Partial<CameraStatus> = {},
  nowMs = Date.now(),
): CameraView {
  const all = settings({ order: n, ...given })
  return {
    id: fakeId(n),
    name: all.name,
    location: all.location,
    enabled: all.enabled,
    order: all.order,
    hasSub: all.subAddress !== null,
    liveMode: all.liveMode,
    rights: ['view', 'replay', 'control', 'audio'],
    hasPassword: true,
    settings: all,
    status: {
      state: 'online',
      sinceMs: nowMs - 3 * day,
      problem: null,
      nextTryMs: null,
      recording: true,
      motion: false,
      clockOffsetMs: 40,
      main: facts,
      sub: subFacts,
      ...status,
    },
  }
}

const down = { recording: false, main: null, sub: null, clockOffsetMs: null } as const

export function houseCameras(nowMs = Date.now()): CameraView[] {
  const zones = [
    {
      name: 'Path',
      kind: 'include' as const,
      points: [
        { x: 0.1, y: 0.95 },
        { x: 0.35, y: 0.45 },
        { x: 0.6, y: 0.45 },
        { x: 0.8, y: 0.95 },
      ],
    },
    {
      name: 'Tree',
      kind: 'exclude' as const,
      points: [
        { x: 0.72, y: 0.1 },
        { x: 0.95, y: 0.12 },
        { x: 0.9, y: 0.5 },
      ],
    },
  ]
  return [
    camera(1, { motion: { ...settings().motion, zones } }, { motion: true }),
    camera(2, { name: 'Front door', location: 'Street', mode: 'event' }, { recording: false }),
    camera(
      3,
      { name: 'Garage', location: '' },
      {
        ...down,
        state: 'unreachable',
        sinceMs: nowMs - 3 * minute,
        problem: 'Nothing answers at 192.168.1.22. Check its power and its network cable.',
        nextTryMs: nowMs + 22_000,
      },
    ),
    camera(
      4,
      { name: 'Lane with quite a long name for a camera', location: 'North side' },
      {
        ...down,
        state: 'unauthorized',
        sinceMs: nowMs - 40 * minute,
        problem: 'The camera refuses the password. Type it again under "Connection".',
        nextTryMs: nowMs + 4 * minute,
      },
    ),
    camera(
      5,
      { name: 'Shed', location: 'Garden', enabled: false },
      { ...down, state: 'disabled', sinceMs: nowMs - 9 * day },
    ),
    camera(
      6,
      { name: 'Attic', location: '' },
      { main: { ...facts, codec: 'hevc', width: 3840, height: 2160, fps: 15, kbitPerS: 6230, audioCodec: 'aac' } },
    ),
  ]
}

export const houseVolume = (cameras: readonly CameraView[], nowMs = Date.now()): VolumeView => ({
  id: fakeId(900),
  name: 'Main disk',
  path: '/srv/vedette/footage',
  state: 'ok',
  problem: null,
  totalBytes: 2000 * gb,
  freeBytes: 710 * gb,
  footageBytes: 1124 * gb,
  quotaBytes: null,
  reserveShare: 0.05,
  bytesPerDay: 172.4 * gb,
  daysLeft: 3.5,
  cameras: cameras.map(({ id, name }, n) => ({
    cameraId: id,
    name,
    footageBytes: (420 / (n + 1)) * gb,
    bytesPerDay: n === 4 ? 0 : (52 / (n + 1)) * gb,
    oldestMs: nowMs - (9 + n) * day,
    keepDays: n === 1 ? 14 : null,
  })),
})

export const houseStatus = (cameras: readonly CameraView[], nowMs = Date.now()): SystemStatus => ({
  version: '0.1.0',
  startedMs: nowMs - 5 * day,
  nowMs,
  cameras: {
    total: cameras.filter((one) => one.enabled).length,
    online: cameras.filter((one) => one.status.state === 'online').length,
    recording: cameras.filter((one) => one.status.recording).length,
  },
  coverageToday: 0.9964,
  daysLeft: 3.5,
  processes: [
    { name: 'control', pid: 100, state: 'running', restarts: 0, pssBytes: 84_000_000 },
    { name: 'recorder', pid: 101, state: 'running', restarts: 0, pssBytes: 61_000_000 },
    { name: 'vision', pid: 102, state: 'running', restarts: 1, pssBytes: 152_000_000 },
  ],
  problems: [],
})

/** A drawn scene instead of a camera's JPEG. */
export const scene = (hue: number) => `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 360">
  <rect width="640" height="360" fill="hsl(${hue} 25% 62%)"/><rect y="170" width="640" height="190" fill="hsl(${hue} 18% 34%)"/>
  <path d="M60 360 L240 165 L380 165 L520 360Z" fill="hsl(30 8% 45%)"/><rect x="400" y="60" width="190" height="130" fill="hsl(20 20% 45%)"/>
  <rect x="430" y="95" width="40" height="40" fill="hsl(48 60% 75%)"/><circle cx="120" cy="110" r="58" fill="hsl(120 22% 30%)"/>
  <rect x="112" y="150" width="16" height="70" fill="hsl(25 25% 25%)"/></svg>`

export interface House {
  cameras: CameraView[]
  volumes: VolumeView[]
  isSetUp: boolean
  isSignedIn: boolean
  closedReason: string | null
  role: 'admin' | 'viewer'
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
      language: 'en',
      email: null,
      defaultPage: null,
      hasSecondFactor: false,
      mustEnrol: false,
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
    if (path === '/api/cameras' && method === 'GET')
      return {
        cameras:
          house.role === 'admin'
            ? house.cameras
            : house.cameras.map((one) => ({ ...one, settings: null, hasPassword: false })),
      }
    if (path === '/api/cameras/probe') return probed(String(given.address))
    if (path === '/api/volumes') return { volumes: house.volumes }
    if (path.endsWith('/simulate')) return simulated(house, given)
    if (path === '/api/receipts') return receipts(query.get('cursor'))
    return ofCamera(house, { method, path, query, body })
  }

function ofCamera(house: House, { method, path, body }: Parameters<Answer>[0]): unknown {
  const [, id, part] = /^\/api\/cameras\/([^/]+)(\/[^/]+)?/.exec(path) ?? []
  const one = house.cameras.find((camera) => camera.id === id)
  if (!one) return undefined
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
