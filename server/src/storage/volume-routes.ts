/** Volumes, their rules and forecast, and the receipts of deletion. Administrators only. */
import { id } from '@vedette/shared/id.ts'
import {
  receiptPage,
  receiptQuery,
  simulateAnswer,
  simulateRequest,
  type VolumeState,
  volumeChange,
  volumeList,
  volumeView,
} from '@vedette/shared/storage.ts'
import { z } from 'zod'
import type { Db } from '../db/database.ts'
import type { AuditedChange } from '../db/in-transaction.ts'
import { actorOf } from '../http/actor.ts'
import { requireFresh } from '../http/guard.ts'
import type { Http } from '../http/http.ts'
import { AppError } from '../lib/app-error.ts'
import { changedFields } from '../lib/changed-fields.ts'
import type { Clock } from '../lib/clock.ts'
import { cameraFacts } from './camera-facts-store.ts'
import { capacityBytes, forecastDays } from './forecast.ts'
import { listReceipts } from './receipt-store.ts'
import { changeVolume, findVolume, listUsage, listVolumes, type Volume, type VolumeRules } from './volume-store.ts'
import { spaceOf, viewVolume } from './volume-view.ts'
import { lookAtVolume, type VolumeHealth } from './volumes.ts'

export interface VolumeDeps {
  readonly db: Db
  readonly clock: Clock
  readonly change: AuditedChange
  /** What the recorder knows from its writes (slow, failing …); undefined or 'ok' where it has nothing to say. */
  readonly recorderFinds: (
    volumeId: string,
  ) => { readonly state: VolumeState; readonly problem: string | null } | undefined
  /** After a change of rules: space may have to be made at once. */
  readonly onChanged: (volumeId: string) => void
}

const params = z.strictObject({ id })
const access = { kind: 'admin' } as const
const cursor = z.string().regex(/^\d{1,14}-[0-9A-Z]{26}$/)

export function volumeRoutes(http: Http, deps: VolumeDeps): void {
  const { db, clock, change } = deps

  http.get('/api/volumes', { config: { access }, schema: { response: { 200: volumeList } } }, async () => {
    const [volumes, usage, facts] = [await listVolumes(db), await listUsage(db, clock.nowMs()), await cameraFacts(db)]
    const views = volumes.map(async (volume) => viewVolume(volume, await healthOf(volume, deps), usage, facts))
    return { volumes: await Promise.all(views) }
  })

  http.patch(
    '/api/volumes/:id',
    { config: { access }, schema: { params, body: volumeChange, response: { 200: volumeView } } },
    async (request) => {
      const { id: volumeId } = request.params
      const stale = requireFresh(request.caller, clock.nowMs())
      const { changed } = await change(
        async (trx) => {
          const volume = await getVolume(trx, volumeId)
          const { name = volume.name, reserveShare = volume.reserveShare } = request.body
          const { quotaBytes = volume.quotaBytes } = request.body
          const rules = { name, quotaBytes, reserveShare }
          if (stale && holdsLess(volume, rules)) throw stale
          await changeVolume(trx, volumeId, rules)
          return { changed: { ...volume, ...rules }, detail: changedFields(rulesOf(volume), rules) }
        },
        ({ detail }) => ({ kind: 'volume.changed', ...actorOf(request), object: `volume ${volumeId}`, detail }),
      )
      deps.onChanged(volumeId)
      const health = await healthOf(changed, deps)
      return viewVolume(changed, health, await listUsage(db, clock.nowMs()), await cameraFacts(db))
    },
  )

  http.post(
    '/api/volumes/:id/simulate',
    { config: { access }, schema: { params, body: simulateRequest, response: { 200: simulateAnswer } } },
    async (request) => {
      const volume = await getVolume(db, request.params.id)
      const usage = await listUsage(db, clock.nowMs())
      const space = spaceOf({ ...volume, ...request.body }, await healthOf(volume, deps), usage)
      const { cameras } = viewVolume(volume, await healthOf(volume, deps), usage, await cameraFacts(db))
      const days = forecastDays(capacityBytes(space), cameras)
      return {
        cameras: cameras.map(({ cameraId, name }) => ({ cameraId, name, days: finite(days.get(cameraId) ?? null) })),
      }
    },
  )

  http.get(
    '/api/receipts',
    { config: { access }, schema: { querystring: receiptQuery, response: { 200: receiptPage } } },
    async (request) => {
      const { camera, limit } = request.query
      const receipts = await listReceipts(db, { cameraId: camera, limit, before: parseCursor(request.query.cursor) })
      const facts = await cameraFacts(db)
      const last = receipts.at(-1)
      return {
        receipts: receipts.map((receipt) => ({
          ...receipt,
          cameraName: facts.get(receipt.cameraId)?.name ?? receipt.cameraId,
        })),
        nextCursor: last && receipts.length === limit ? `${last.atMs}-${last.id}` : null,
      }
    },
  )
}

const rulesOf = ({ name, quotaBytes, reserveShare }: VolumeRules) => ({ name, quotaBytes, reserveShare })

/** The oldest footage may have to go at once to make room (access.md R9). */
function holdsLess(before: VolumeRules, after: VolumeRules): boolean {
  const quotaOf = ({ quotaBytes }: VolumeRules) => quotaBytes ?? Number.POSITIVE_INFINITY
  return quotaOf(after) < quotaOf(before) || after.reserveShare > before.reserveShare
}

async function getVolume(db: Db, volumeId: string): Promise<Volume> {
  const volume = await findVolume(db, volumeId)
  if (!volume) throw new AppError('not_found', 'There is no such volume.')
  return volume
}

/** The worse of what a look shows and what the recorder found. */
async function healthOf(volume: Volume, deps: VolumeDeps): Promise<VolumeHealth> {
  const seen = await lookAtVolume(volume)
  const found = deps.recorderFinds(volume.id)
  return seen.state === 'ok' && found && found.state !== 'ok' ? { ...seen, ...found } : seen
}

/** JSON has no infinity: a camera whose rules never fill the volume has no number. */
function finite(days: number | null): number | null {
  return days !== null && Number.isFinite(days) ? days : null
}

function parseCursor(text: string | undefined): { readonly atMs: number; readonly id: string } | undefined {
  if (text === undefined) return undefined
  const parsed = cursor.safeParse(text)
  if (!parsed.success) throw new AppError('bad_request', 'The cursor is not one of ours.', { field: 'cursor' })
  const [atMs, receiptId] = parsed.data.split('-')
  return { atMs: Number(atMs), id: receiptId ?? '' }
}
