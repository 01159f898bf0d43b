import type { Grant } from '@vedette/shared/user.ts'
import { expect, test } from 'vitest'
import { isComplete, toDraft, toGrant, usualDraft } from './grant-draft.ts'

const id = '01JD0000000000000000000001'

test.each<Grant>([
  { on: 'all', rights: ['view', 'audio'] },
  { on: { group: id }, roleId: id },
  { on: { camera: id }, rights: ['replay'] },
])('a grant comes back from the form as it went in: %j', (grant) => {
  expect(toGrant(toDraft(grant))).toEqual(grant)
})

test('a new viewer may view and replay everything', () => {
  expect(toGrant(usualDraft())).toEqual({ on: 'all', rights: ['view', 'replay'] })
})

test('a grant of nothing is not complete', () => {
  expect(isComplete({ ...usualDraft(), rights: [] })).toBe(false)
  expect(isComplete({ ...usualDraft(), rights: [], roleId: id })).toBe(true)
})
