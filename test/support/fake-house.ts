/** A house with cameras in every state, for the fake API (fake-answers.ts): builders with defaults. */
import type { CameraSettings, CameraStatus, CameraView, StreamFacts } from '@vedette/shared/camera.ts'
import { alwaysWeek } from '@vedette/shared/schedule.ts'
import type { VolumeView } from '@vedette/shared/storage.ts'
import type { SystemStatus } from '@vedette/shared/system.ts'

const minute = 60_000
export const day = 86_400_000
export const gb = 1e9
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
  schedule: alwaysWeek,
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
      byHandUntilMs: null,
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
