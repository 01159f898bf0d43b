/** Groups of cameras: administrators make them; viewers see those that hold a camera of theirs. */
import { groupChange, groupList, groupView, newGroup } from '@vedette/shared/group.ts'
import { id } from '@vedette/shared/id.ts'
import { z } from 'zod'
import { actorOf } from '../http/actor.ts'
import type { Http } from '../http/http.ts'
import { changedFields } from '../lib/changed-fields.ts'
import type { AccountDeps } from './deps.ts'
import { addGroup, changeGroup, getGroup, listGroups, removeGroup } from './group-store.ts'

const params = z.strictObject({ id })
/** What is in a group is who may see it: as sensitive as users' rights (access.md R9). */
const access = { kind: 'admin', fresh: true } as const

export function groupRoutes(http: Http, { db, clock, audit }: AccountDeps): void {
  http.get(
    '/api/groups',
    { config: { access: { kind: 'cameras', right: 'any' } }, schema: { response: { 200: groupList } } },
    async (request) => ({ groups: await listGroups(db, request.cameras) }),
  )

  http.post(
    '/api/groups',
    { config: { access }, schema: { body: newGroup, response: { 201: groupView } } },
    async (request, reply) => {
      const group = await addGroup(db, request.body.name, request.body.cameras, clock.nowMs())
      await audit({ kind: 'group.added', ...actorOf(request), object: `group ${group.id}`, detail: { after: group } })
      return reply.status(201).send(group)
    },
  )

  http.patch(
    '/api/groups/:id',
    { config: { access }, schema: { params, body: groupChange, response: { 200: groupView } } },
    async (request) => {
      const before = await getGroup(db, request.params.id)
      await changeGroup(db, before.id, request.body)
      const after = await getGroup(db, before.id)
      const detail = changedFields(before, after)
      await audit({ kind: 'group.changed', ...actorOf(request), object: `group ${before.id}`, detail })
      return after
    },
  )

  http.delete(
    '/api/groups/:id',
    { config: { access }, schema: { params, response: { 200: z.strictObject({}) } } },
    async (request) => {
      const before = await getGroup(db, request.params.id)
      await removeGroup(db, before.id)
      await audit({ kind: 'group.deleted', ...actorOf(request), object: `group ${before.id}`, detail: { before } })
      return {}
    },
  )
}
