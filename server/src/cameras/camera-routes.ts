/** Cameras over the API: list, add, change, delete, and the look at an address before it is saved. */

import type { WriteAudit } from '@vedette/shared/audit.ts'
import {
  type CameraView,
  cameraChange,
  cameraList,
  cameraView,
  deleteCameraQuery,
  newCamera,
  type ProbeAnswer,
  probeAnswer,
  probeRequest,
  trustKeyRequest,
} from '@vedette/shared/camera.ts'
import { id } from '@vedette/shared/id.ts'
import { z } from 'zod'
import type { Db } from '../db/database.ts'
import type { AuditedChange } from '../db/in-transaction.ts'
import type { Caller, Right } from '../http/access.ts'
import { actorOf } from '../http/actor.ts'
import { requireFresh } from '../http/guard.ts'
import type { Http } from '../http/http.ts'
import { AppError } from '../lib/app-error.ts'
import { changedFields } from '../lib/changed-fields.ts'
import type { Clock } from '../lib/clock.ts'
import { splitAddress } from '../rtsp/rtsp-address.ts'
import { allCameraKeys, forgetKeys, listCameraKeys, trustShownKey } from './camera-key-store.ts'
import { isKnownHost, keepsLess, movedStreams, planChange, planNewCamera } from './camera-settings.ts'
import type { CameraStatuses } from './camera-statuses.ts'
import {
  addCamera,
  type Camera,
  changeCamera,
  findCamera,
  listCameras,
  readPassword,
  removeCamera,
} from './camera-store.ts'
import { shownStatus } from './shown-status.ts'

/** What the recorder is asked when an address is probed. */
export interface ProbeTarget {
  readonly address: string
  readonly username: string
  readonly password: string
  readonly transport: 'tcp' | 'udp'
  /** The only key it may show, where a stored password goes along. */
  readonly keySha256: string | null
}

export interface CameraDeps {
  readonly db: Db
  readonly key: Buffer
  readonly clock: Clock
  readonly audit: WriteAudit
  readonly change: AuditedChange
  readonly statuses: CameraStatuses
  /** What a caller may do with each camera. */
  readonly rightsOf: (caller: Caller) => Promise<(cameraId: string) => Right[]>
  /** Has the recorder take over the cameras as they are in the database now. */
  readonly onChanged: () => Promise<void>
  readonly probe: (target: ProbeTarget) => Promise<Omit<ProbeAnswer, 'address' | 'username'>>
  /** Deletes a camera's footage now, as a background job. */
  readonly deleteFootage: (cameraId: string) => Promise<void>
}

const params = z.strictObject({ id })
const oneCamera = { kind: 'camera', right: 'any', object: 'camera' } as const

export function cameraRoutes(http: Http, deps: CameraDeps): void {
  const { db, key, clock, audit, change } = deps

  http.get(
    '/api/cameras',
    { config: { access: { kind: 'cameras', right: 'any' } }, schema: { response: { 200: cameraList } } },
    async (request) => {
      const cameras = await listCameras(db, request.cameras)
      const rightsOn = await deps.rightsOf(request.caller)
      const views = cameras.map((camera) => toView(camera, request.caller, rightsOn(camera.id), deps))
      if (request.caller.role !== 'admin') return { cameras: views }
      const keys = await allCameraKeys(db)
      return { cameras: views.map((view) => ({ ...view, keys: keys.get(view.id) ?? [] })) }
    },
  )

  http.get(
    '/api/cameras/:id',
    { config: { access: oneCamera }, schema: { params, response: { 200: cameraView } } },
    async (request) => viewFor(request.caller, request.params.id),
  )

  http.post(
    '/api/cameras',
    { config: { access: { kind: 'admin' } }, schema: { body: newCamera, response: { 201: cameraView } } },
    async (request, reply) => {
      const planned = planNewCamera(request.body)
      const order = request.body.order ?? (await listCameras(db, 'all')).length
      const row = { settings: { ...planned.settings, order }, password: planned.password ?? null }
      const camera = await change(
        (trx) => addCamera(trx, key, row, clock.nowMs()),
        ({ id, settings, hasPassword }) => {
          const detail = { after: settings, ...(hasPassword && { password: 'set' }) }
          return { kind: 'camera.added', ...actorOf(request), object: `camera ${id}`, detail }
        },
      )
      await deps.onChanged()
      return reply.status(201).send(await viewFor(request.caller, camera.id))
    },
  )

  http.patch(
    '/api/cameras/:id',
    { config: { access: { kind: 'admin' } }, schema: { params, body: cameraChange, response: { 200: cameraView } } },
    async (request) => {
      const { id: cameraId } = request.params
      const stale = requireFresh(request.caller, clock.nowMs())
      await change(
        async (trx) => {
          const before = await getCamera(trx, cameraId)
          const planned = planChange(before.settings, request.body)
          const changesPassword = planned.password !== undefined && before.hasPassword
          if (stale && (changesPassword || keepsLess(before.settings, planned.settings))) throw stale
          await changeCamera(trx, key, { id: cameraId, ...planned })
          await forgetKeys(trx, cameraId, movedStreams(before.settings, planned.settings))
          const changed = changedFields(before.settings, planned.settings)
          return planned.password === undefined ? changed : { ...changed, password: 'changed' }
        },
        (detail) => ({ kind: 'camera.changed', ...actorOf(request), object: `camera ${cameraId}`, detail }),
      )
      await deps.onChanged()
      return viewFor(request.caller, cameraId)
    },
  )

  // It takes the password along, and the footage with it or by and by.
  http.delete(
    '/api/cameras/:id',
    {
      config: { access: { kind: 'admin', fresh: true } },
      schema: { params, querystring: deleteCameraQuery, response: { 200: z.strictObject({}) } },
    },
    async (request) => {
      const { id: cameraId } = request.params
      const { footage } = request.query
      await change(
        async (trx) => {
          const { settings } = await getCamera(trx, cameraId)
          await removeCamera(trx, cameraId, clock.nowMs())
          return { before: settings, footage }
        },
        (detail) => ({ kind: 'camera.deleted', ...actorOf(request), object: `camera ${cameraId}`, detail }),
      )
      deps.statuses.forget(cameraId)
      await deps.onChanged()
      if (footage === 'delete') await deps.deleteFootage(cameraId)
      return {}
    },
  )

  http.post(
    '/api/cameras/probe',
    { config: { access: { kind: 'admin' } }, schema: { body: probeRequest, response: { 200: probeAnswer } } },
    async (request) => {
      const { address, username, password, transport, cameraId } = request.body
      const split = splitAddress(address)
      const given = password ?? split.password
      const known = given === undefined ? await knownCamera(split.address, cameraId) : undefined
      const target = {
        address: split.address,
        username: username || split.username || '',
        password: given ?? (known && (await readPassword(db, key, known.id))) ?? '',
        transport,
        keySha256: (known && (await keyAt(known, split.address))) ?? null,
      }
      const answer = await deps.probe(target)
      if (answer.code === 'address_refused') {
        const detail = { host: split.host, why: answer.message }
        await audit({ kind: 'egress.refused', ...actorOf(request), object: 'camera probe', detail })
      }
      return { ...answer, address: split.address, username: target.username || null }
    },
  )

  http.post(
    '/api/cameras/:id/trust-key',
    {
      config: { access: { kind: 'admin', fresh: true } },
      schema: { params, body: trustKeyRequest, response: { 200: cameraView } },
    },
    async (request) => {
      const { id: cameraId } = request.params
      const { keySha256 } = request.body
      await change(
        async (trx) => {
          await getCamera(trx, cameraId)
          const replaced = await trustShownKey(trx, cameraId, keySha256, clock.nowMs())
          if (replaced.length === 0)
            throw new AppError('conflict', 'The camera no longer shows this key. Look at its page again.')
          return Object.fromEntries(replaced.map(({ stream, before }) => [stream, { keySha256: before }]))
        },
        (before) => {
          const after = Object.fromEntries(Object.keys(before).map((stream) => [stream, { keySha256 }]))
          const detail = { before, after }
          return { kind: 'camera.key_trusted', ...actorOf(request), object: `camera ${cameraId}`, detail }
        },
      )
      await deps.onChanged()
      return viewFor(request.caller, cameraId)
    },
  )

  async function viewFor(caller: Caller, cameraId: string): Promise<CameraView> {
    const rightsOn = await deps.rightsOf(caller)
    const view = toView(await getCamera(db, cameraId), caller, rightsOn(cameraId), deps)
    return caller.role === 'admin' ? { ...view, keys: await listCameraKeys(db, cameraId) } : view
  }

  /** The camera whose stored password may go to this address: it was given for this host. */
  async function knownCamera(address: string, cameraId: string | undefined): Promise<Camera | undefined> {
    const camera = cameraId ? await findCamera(db, cameraId) : undefined
    return camera && isKnownHost(camera.settings, address) ? camera : undefined
  }

  /** The key that the camera is known by at this host and port. */
  async function keyAt(camera: Camera, address: string): Promise<string | undefined> {
    const moved = movedStreams(camera.settings, { ...camera.settings, address, subAddress: address })
    return (await listCameraKeys(db, camera.id)).find(({ stream }) => !moved.includes(stream))?.keySha256
  }
}

async function getCamera(db: Db, cameraId: string): Promise<Camera> {
  const camera = await findCamera(db, cameraId)
  if (!camera) throw new AppError('not_found', 'There is no such camera.')
  return camera
}

function toView(camera: Camera, caller: Caller, rights: Right[], deps: CameraDeps): CameraView {
  const { settings } = camera
  const isAdmin = caller.role === 'admin'
  return {
    id: camera.id,
    name: settings.name,
    location: settings.location,
    enabled: settings.enabled,
    order: settings.order,
    hasSub: settings.subAddress !== null,
    liveMode: settings.liveMode,
    rights,
    status: shownStatus(deps.statuses.get(camera.id, settings.enabled, deps.clock.nowMs()), {
      isAdmin,
      mayView: rights.includes('view'),
    }),
    settings: isAdmin ? settings : null,
    hasPassword: isAdmin && camera.hasPassword,
  }
}
