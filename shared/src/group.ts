/** Groups of cameras: a camera may be in several. Rights given on a group follow it. */
import { z } from 'zod'
import { displayName } from './display-name.ts'
import { id } from './id.ts'

const cameras = z.array(id).max(256)

/** POST /api/groups */
export const newGroup = z.strictObject({ name: displayName, cameras: cameras.default([]) })
/** PATCH /api/groups/:id; `cameras` replaces the list. */
export const groupChange = z.strictObject({
  name: displayName.optional(),
  cameras: cameras.optional(),
})
export const groupView = z.strictObject({ id, name: z.string(), cameras: z.array(id) })
export type GroupView = z.infer<typeof groupView>
/** GET /api/groups: for viewers those with a camera of theirs, and in them only such cameras. */
export const groupList = z.strictObject({ groups: z.array(groupView) })
