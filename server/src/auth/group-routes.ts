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

export function groupRoutes(http: Http, { db, clock, change }: AccountDeps): void {
  http.get(
    '/api/groups',
    { config: { access: { kind: 'cameras', right: 'any' } }, schema: { response: { 200: groupList } } },
    async (request) => ({ groups: await listGroups(db, request.cameras) }),
  )

  http.post(
    '/api/groups',
    { config: { access }, schema: { body: newGroup, response: { 201: groupView } } },
    async (request, reply) => {
      const group = await change(
        (trx) => addGroup(trx, request.body.name, request.body.cameras, clock.nowMs()),
        (after) => ({ kind: 'group.added', ...actorOf(request), object: `group ${after.id}`, detail: { after } }),
      )
      return reply.status(201).send(group)
    },
  )

  http.patch(
    '/api/groups/:id',
    { config: { access }, schema: { params, body: groupChange, response: { 200: groupView } } },
    async (request) => {
      const { id: groupId } = request.params
      const { after } = await change(
        async (trx) => {
          const before = await getGroup(trx, groupId)
          await changeGroup(trx, groupId, request.body)
          return { before, after: await getGroup(trx, groupId) }
        },
        (changed) => {
          const detail = changedFields(changed.before, changed.after)
          return { kind: 'group.changed', ...actorOf(request), object: `group ${groupId}`, detail }
        },
      )
      return after
    },
  )

  http.delete(
    '/api/groups/:id',
    { config: { access }, schema: { params, response: { 200: z.strictObject({}) } } },
    async (request) => {
      await change(
        async (trx) => {
          const before = await getGroup(trx, request.params.id)
          await removeGroup(trx, before.id)
          return before
        },
        (before) => ({ kind: 'group.deleted', ...actorOf(request), object: `group ${before.id}`, detail: { before } }),
      )
      return {}
    },
  )
}
