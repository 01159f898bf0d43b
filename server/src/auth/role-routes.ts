/** Roles, and of whom a second factor is required. Administrators only, with a fresh password. */
import { id } from '@vedette/shared/id.ts'
import { accountPolicy, newRole, roleChange, roleList, roleView } from '@vedette/shared/user.ts'
import { z } from 'zod'
import { actorOf } from '../http/actor.ts'
import type { Http } from '../http/http.ts'
import { AppError } from '../lib/app-error.ts'
import { changedFields } from '../lib/changed-fields.ts'
import type { AccountDeps } from './deps.ts'
import { readPolicy, writePolicy } from './policy-store.ts'
import { addRole, changeRole, getRole, listRoles, removeRole } from './role-store.ts'
import { hasSecondFactor } from './second-factor-store.ts'

const params = z.strictObject({ id })
const look = { kind: 'admin' } as const
const act = { kind: 'admin', fresh: true } as const

export function roleRoutes(http: Http, { db, clock, change }: AccountDeps): void {
  http.get('/api/roles', { config: { access: look }, schema: { response: { 200: roleList } } }, async () => ({
    roles: await listRoles(db),
  }))

  http.post(
    '/api/roles',
    { config: { access: act }, schema: { body: newRole, response: { 201: roleView } } },
    async (request, reply) => {
      const role = await change(
        (trx) => addRole(trx, request.body, clock.nowMs()),
        (after) => ({ kind: 'role.added', ...actorOf(request), object: `role ${after.id}`, detail: { after } }),
      )
      return reply.status(201).send(role)
    },
  )

  http.patch(
    '/api/roles/:id',
    { config: { access: act }, schema: { params, body: roleChange, response: { 200: roleView } } },
    async (request) => {
      const { id: roleId } = request.params
      const { after } = await change(
        async (trx) => {
          const before = await getRole(trx, roleId)
          const { name = before.name, rights = before.rights } = request.body
          const { needsSecondFactor = before.needsSecondFactor } = request.body
          await changeRole(trx, { id: roleId, name, rights, needsSecondFactor })
          return { before, after: await getRole(trx, roleId) }
        },
        (changed) => {
          const detail = changedFields(changed.before, changed.after)
          return { kind: 'role.changed', ...actorOf(request), object: `role ${roleId}`, detail }
        },
      )
      return after
    },
  )

  http.delete(
    '/api/roles/:id',
    { config: { access: act }, schema: { params, response: { 200: z.strictObject({}) } } },
    async (request) => {
      await change(
        async (trx) => {
          const before = await getRole(trx, request.params.id)
          await removeRole(trx, before.id)
          return before
        },
        (before) => ({ kind: 'role.deleted', ...actorOf(request), object: `role ${before.id}`, detail: { before } }),
      )
      return {}
    },
  )

  http.get('/api/policy', { config: { access: look }, schema: { response: { 200: accountPolicy } } }, () =>
    readPolicy(db),
  )

  http.patch(
    '/api/policy',
    { config: { access: act }, schema: { body: accountPolicy.partial(), response: { 200: accountPolicy } } },
    async (request) => {
      const { after } = await change(
        async (trx) => {
          const before = await readPolicy(trx)
          const {
            adminsNeedSecondFactor = before.adminsNeedSecondFactor,
            viewersNeedSecondFactor = before.viewersNeedSecondFactor,
          } = request.body
          // Whoever requires it of administrators must not shut themself out by it.
          if (adminsNeedSecondFactor && !(await hasSecondFactor(trx, request.caller.userId)))
            throw new AppError(
              'conflict',
              'Set up a second factor for yourself before you require it of administrators.',
            )
          const wanted = { adminsNeedSecondFactor, viewersNeedSecondFactor }
          await writePolicy(trx, wanted)
          return { before, after: wanted }
        },
        (changed) => ({
          kind: 'policy.changed',
          ...actorOf(request),
          detail: changedFields(changed.before, changed.after),
        }),
      )
      return after
    },
  )
}
