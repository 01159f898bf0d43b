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

export function roleRoutes(http: Http, { db, clock, audit }: AccountDeps): void {
  http.get('/api/roles', { config: { access: look }, schema: { response: { 200: roleList } } }, async () => ({
    roles: await listRoles(db),
  }))

  http.post(
    '/api/roles',
    { config: { access: act }, schema: { body: newRole, response: { 201: roleView } } },
    async (request, reply) => {
      const role = await addRole(db, request.body, clock.nowMs())
      await audit({ kind: 'role.added', ...actorOf(request), object: `role ${role.id}`, detail: { after: role } })
      return reply.status(201).send(role)
    },
  )

  http.patch(
    '/api/roles/:id',
    { config: { access: act }, schema: { params, body: roleChange, response: { 200: roleView } } },
    async (request) => {
      const before = await getRole(db, request.params.id)
      const { name = before.name, rights = before.rights } = request.body
      const { needsSecondFactor = before.needsSecondFactor } = request.body
      await changeRole(db, { id: before.id, name, rights, needsSecondFactor })
      const after = await getRole(db, before.id)
      const detail = changedFields(before, after)
      await audit({ kind: 'role.changed', ...actorOf(request), object: `role ${before.id}`, detail })
      return after
    },
  )

  http.delete(
    '/api/roles/:id',
    { config: { access: act }, schema: { params, response: { 200: z.strictObject({}) } } },
    async (request) => {
      const before = await getRole(db, request.params.id)
      await removeRole(db, before.id)
      await audit({ kind: 'role.deleted', ...actorOf(request), object: `role ${before.id}`, detail: { before } })
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
      const before = await readPolicy(db)
      const {
        adminsNeedSecondFactor = before.adminsNeedSecondFactor,
        viewersNeedSecondFactor = before.viewersNeedSecondFactor,
      } = request.body
      // Whoever requires it of administrators must not shut themself out by it.
      if (adminsNeedSecondFactor && !(await hasSecondFactor(db, request.caller.userId)))
        throw new AppError('conflict', 'Set up a second factor for yourself before you require it of administrators.')
      const after = { adminsNeedSecondFactor, viewersNeedSecondFactor }
      await writePolicy(db, after)
      await audit({ kind: 'policy.changed', ...actorOf(request), detail: changedFields(before, after) })
      return after
    },
  )
}
