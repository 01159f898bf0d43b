/**
 * The whole API on a real port, with two cameras that have footage, events and passwords, and somebody of every kind:
 * for tests of who may do what. Sign-ins are made without passwords, so that a house costs little.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Grant } from '@vedette/shared/user.ts'
import { openBackups } from '../../server/src/app-backup.ts'
import { openAppHttp, type RouteFacts } from '../../server/src/app-http.ts'
import { AuditLog } from '../../server/src/audit/audit-log.ts'
import { setAvatar } from '../../server/src/auth/avatar-store.ts'
import { trustDevice } from '../../server/src/auth/device-store.ts'
import { addGroup } from '../../server/src/auth/group-store.ts'
import { addRole } from '../../server/src/auth/role-store.ts'
import { addSession, endedSessions, listSessions } from '../../server/src/auth/session-store.ts'
import { addToken } from '../../server/src/auth/token-store.ts'
import { addUser, newUser } from '../../server/src/auth/user-store.ts'
import { planNewCamera } from '../../server/src/cameras/camera-settings.ts'
import { CameraStatuses } from '../../server/src/cameras/camera-statuses.ts'
import { addCamera } from '../../server/src/cameras/camera-store.ts'
import { shownStatus } from '../../server/src/cameras/shown-status.ts'
import { type Db, openDatabase } from '../../server/src/db/database.ts'
import { RecordByHand } from '../../server/src/events/record-by-hand.ts'
import { AcmeChallenges } from '../../server/src/http/acme-challenges.ts'
import type { Http } from '../../server/src/http/http.ts'
import { OpenAnswers } from '../../server/src/http/open-answers.ts'
import { systemClock as clock } from '../../server/src/lib/clock.ts'
import { silentLog as log } from '../../server/src/lib/log.ts'
import { newId } from '../../server/src/lib/new-id.ts'
import { Footage } from '../../server/src/live/footage.ts'
import { LiveHub } from '../../server/src/live/live-hub.ts'
import { PreviewReader } from '../../server/src/live/preview-reader.ts'
import { RightsWatch } from '../../server/src/live/rights-watch.ts'
import { openSegmentFile, readSegmentHead, readSegmentIndex } from '../../server/src/record/read-segment.ts'
import { parseTailBox, tailBytes } from '../../server/src/record/segment-format.ts'
import { segmentPath } from '../../server/src/record/segment-path.ts'
import { findSegment, listSegments, nextSegmentAfter } from '../../server/src/record/segment-store.ts'
import { recheckRights, revokeSessions } from '../../server/src/revoke-sessions.ts'
import { addVolume } from '../../server/src/storage/volume-store.ts'
import { Updates } from '../../server/src/system/updates.ts'
import { frames, sampleBytes } from './recording.ts'
import { segmentBytes, segmentStartMs } from './segment-bytes.ts'
import { eventRow, insertAll, newYearMs, segment } from './segments.ts'

export type Who = 'nobody' | 'admin' | 'viewerA' | 'viewerB' | 'liveOnlyA' | 'tokenA' | 'adminToken'

/** Everything of one side, by the name that routes give its kind. */
export interface Side {
  readonly camera: string
  readonly segment: string
  readonly event: string
  readonly user: string
  readonly session: string
  readonly token: string
  readonly device: string
  readonly group: string
}

/** What no answer to a viewer may hold. */
export const hiddenAddress = '10.77.0.'
/** The installation's. */
export const key = Buffer.alloc(32, 9)

export class AccessHouse implements AsyncDisposable {
  readonly a: Side
  readonly b: Side
  readonly role: string
  readonly volume: string
  readonly db: Db
  readonly updates: Updates
  readonly answers: OpenAnswers
  readonly routes: readonly RouteFacts[]
  readonly url: string
  readonly #headers: Record<Who, Record<string, string>>
  readonly #close: () => Promise<void>

  private constructor(
    parts: Omit<AccessHouse, 'headersOf' | 'fetch' | typeof Symbol.asyncDispose> & {
      headers: Record<Who, Record<string, string>>
      close: () => Promise<void>
    },
  ) {
    this.a = parts.a
    this.b = parts.b
    this.role = parts.role
    this.volume = parts.volume
    this.db = parts.db
    this.updates = parts.updates
    this.answers = parts.answers
    this.routes = parts.routes
    this.url = parts.url
    this.#headers = parts.headers
    this.#close = parts.close
  }

  static async open(options: { readonly segmentMb?: number } = {}): Promise<AccessHouse> {
    const root = mkdtempSync(join(tmpdir(), 'vedette-access-'))
    const db = await openDatabase({ kind: 'sqlite', path: ':memory:' })
    const volume = newId(newYearMs)
    await addVolume(
      db,
      { id: volume, name: 'Disk', path: root, marker: volume, quotaBytes: null, reserveShare: 0.05 },
      0,
    )
    const admin = newUser({ username: 'admin', password_hash: 'none' }, clock.nowMs())
    await addUser(db, admin)
    const place = { db, root, volume, segmentMb: options.segmentMb ?? 0 }
    const [a, b] = [await addSide(place, 1), await addSide(place, 2)]
    await setRights(db, b.user, [{ on: { camera: b.camera }, rights: ['view', 'replay', 'control', 'audio'] }])
    const liveOnly = await addViewer(db, 'live only', [{ on: { camera: a.camera }, rights: ['view'] }])
    const role = await addRole(db, { name: 'Guard', rights: ['view'], needsSecondFactor: false }, clock.nowMs())
    const token = await addToken(
      db,
      { userId: a.user, name: 'script', rights: ['view', 'replay'], cameras: null, days: 90 },
      clock.nowMs(),
    )
    const adminToken = await addToken(
      db,
      { userId: admin.id, name: 'script', rights: ['view', 'replay', 'control', 'audio'], cameras: null, days: 90 },
      clock.nowMs(),
    )
    const served = await serve(db, root)
    const cookie = async (userId: string) => ({ cookie: await signedIn(db, userId) })
    return new AccessHouse({
      a,
      b,
      role: role.id,
      volume,
      db,
      ...served,
      headers: {
        nobody: {},
        admin: await cookie(admin.id),
        viewerA: await cookie(a.user),
        viewerB: await cookie(b.user),
        liveOnlyA: await cookie(liveOnly),
        tokenA: { 'x-api-key': token.token },
        adminToken: { authorization: `Bearer ${adminToken.token}` },
      },
      close: async () => {
        await served.close()
        await db.destroy()
        rmSync(root, { recursive: true, force: true })
      },
    })
  }

  headersOf(who: Who): Record<string, string> {
    return this.#headers[who]
  }
  fetch(who: Who, path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(this.url + path, { ...init, headers: { ...this.#headers[who], ...init.headers } })
  }
  [Symbol.asyncDispose](): Promise<void> {
    return this.#close()
  }
}

export async function setRights(db: Db, userId: string, grants: readonly Grant[]): Promise<void> {
  const { setGrants } = await import('../../server/src/auth/grant-store.ts')
  await setGrants(db, userId, grants, clock.nowMs())
}

export async function signedIn(db: Db, userId: string): Promise<string> {
  return `vedette=${await addSession(db, { userId, address: '127.0.0.1', userAgent: 'test' }, clock.nowMs())}`
}

async function addViewer(db: Db, username: string, grants: readonly Grant[]): Promise<string> {
  const user = newUser(
    { username, password_hash: 'none', role: 'viewer', email: `${username.replace(' ', '')}@example.org` },
    clock.nowMs(),
  )
  await addUser(db, user, grants)
  return user.id
}

/** A camera with a minute of footage and an event, and a viewer who may view and replay it. */
async function addSide(place: { db: Db; root: string; volume: string; segmentMb: number }, n: number): Promise<Side> {
  const { db, root, volume, segmentMb } = place
  const planned = planNewCamera({ name: `Camera ${n}`, address: `rtsp://${hiddenAddress}${n}/main`, username: 'root' })
  const camera = await addCamera(db, key, { settings: planned.settings, password: `secret of ${n}` }, clock.nowMs())
  const packets = frames(4, { fps: 5, gopFrames: 5, fromMs: segmentStartMs })
  const large =
    segmentMb > 0
      ? packets.map((one) => ({ ...one, data: sampleBytes(Math.round((segmentMb * 1e6) / packets.length)) }))
      : packets
  const file = segmentBytes(large).bytes
  const row = segment({
    cameraId: camera.id,
    volumeId: volume,
    startMs: segmentStartMs,
    fileMs: segmentStartMs,
    endMs: segmentStartMs + 4000,
    sizeBytes: file.length,
  })
  const path = join(root, segmentPath(row))
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, file)
  await insertAll(db, [row])
  const event = eventRow({ camera_id: camera.id, start_ms: segmentStartMs, has_picture: 1 })
  await db.insertInto('event').values(event).execute()
  const user = await addViewer(db, `viewer ${n}`, [{ on: { camera: camera.id }, rights: ['view', 'replay'] }])
  const group = await addGroup(db, `Group ${n}`, [camera.id], clock.nowMs())
  const token = { userId: user, name: 'other', rights: ['view'], cameras: null, days: 1 } as const
  await signedIn(db, user)
  await setAvatar(db, user, Buffer.from('a jpeg'), clock.nowMs())
  await trustDevice(db, { userId: user, address: '127.0.0.1', userAgent: 'test' }, clock.nowMs())
  const device = await db
    .selectFrom('trusted_device')
    .select('id')
    .where('user_id', '=', user)
    .executeTakeFirstOrThrow()
  return {
    camera: camera.id,
    segment: row.id,
    event: event.id,
    user,
    session: (await listSessions(db, user, clock.nowMs()))[0]?.id ?? '',
    token: (await addToken(db, token, clock.nowMs())).id,
    device: device.id,
    group: group.id,
  }
}

/** As app.ts joins the rooms, with fakes for what needs the recorder. */
async function serve(db: Db, root: string) {
  const closing = new AbortController()
  const rightsWatch = new RightsWatch()
  const answers = new OpenAnswers()
  const updates = new Updates(shownStatus)
  const audit = new AuditLog({ db, key, dataDir: null, clock, log })
  const footage = new Footage({
    findSegment: (id) => findSegment(db, id),
    listSegments: (filter) => listSegments(db, filter),
    nextSegmentAfter: (cameraId, stream, atMs) => nextSegmentAfter(db, cameraId, stream, atMs),
    openSegments: () => [],
    volumePath: () => root,
    files: { segmentPath, openSegmentFile, readSegmentHead, readSegmentIndex, parseTailBox, tailBytes },
  })
  const { http, routes } = await openAppHttp({
    db,
    clock,
    log,
    transport: {
      hosts: () => [],
      certificates: undefined,
      isProxy: undefined,
      routes: {
        challenges: Object.assign(new AcmeChallenges(), { find: () => 'an answer' }),
        authority: () => 'a certificate',
        certificateState: () => ({ certificates: [], authority: null }),
        securityContact: undefined,
        securityPolicy: 'write to us',
      },
    },
    webDir: '/nowhere',
    openSegments: () => [],
    audit,
    key,
    auth: {
      setupCode: () => undefined,
      closeSetup: () => {},
      setupClosedReason: () => null,
      defaultVolume: async () => null,
      shrinkPicture: async () => Buffer.from('a jpeg'),
    },
    cameras: {
      statuses: new CameraStatuses(),
      onChanged: async () => {},
      probe: async () => {
        throw new Error('not here')
      },
      deleteFootage: async () => {},
    },
    record: {
      byHand: new RecordByHand({
        ...{ db, clock, log, onChange: () => {}, onEvent: () => {} },
        takePicture: () => Promise.reject(new Error('not here')),
      }),
    },
    backup: openBackups({
      config: { backupDir: join(root, 'backups'), version: '0', workFactor: 10 },
      db,
      key,
      clock,
      log,
      audit: audit.write,
      onCameras: async () => {},
      onRules: () => {},
    }).routes,
    events: { onChanged: () => {}, readPicture: async () => Buffer.from('a jpeg') },
    live: {
      hub: new LiveHub(() => ({ close: () => {} })),
      watchRight: rightsWatch.watch,
      latestJpeg: async () => ({ jpeg: Buffer.from('a jpeg'), captureMs: 1 }),
      signal: closing.signal,
    },
    playback: { footage, watchRight: rightsWatch.watch },
    previews: { footage, previews: new PreviewReader(() => [root]), decodeJpeg: async () => Buffer.from('a jpeg') },
    volumes: { recorderFinds: () => undefined, onChanged: () => {} },
    logs: { folder: join(root, 'logs'), version: '0' },
    answers,
    system: {
      readReport: async () => ({
        version: '0',
        startedMs: 0,
        nowMs: 0,
        machine: { node: '', system: '', cores: 1, memoryBytes: 0, freeMemoryBytes: 0 },
        processes: [],
        sandbox: [],
        givenUp: [],
        problems: [],
        database: { kind: 'sqlite', version: '', sizeBytes: null },
        volumes: [],
        clocks: [],
      }),
      readStatus: async () => ({
        version: '0',
        startedMs: 0,
        nowMs: 0,
        cameras: { total: 0, online: 0, recording: 0 },
        coverageToday: null,
        daysLeft: null,
        processes: [],
        problems: [],
      }),
      updates,
    },
  })
  const revoking = revokeSessions({
    open: [rightsWatch, updates, answers],
    findEnded: (ids) => endedSessions(db, ids, clock.nowMs()),
    recheck: () => recheckRights(db, rightsWatch, updates),
    clock,
    log,
    signal: closing.signal,
  })
  await http.listen({ host: '127.0.0.1', port: 0 })
  return {
    updates,
    answers,
    routes,
    url: `http://127.0.0.1:${portOf(http)}`,
    close: async () => {
      closing.abort()
      updates.close()
      await http.close()
      await revoking
      await audit.close()
    },
  }
}

function portOf(http: Http): number {
  const address: AddressInfo | string | null = http.server.address()
  if (address === null || typeof address === 'string') throw new Error('does not listen')
  return address.port
}
