import { expect, test } from 'vitest'
import { isFor } from './places.ts'

const withRights = (...rights: ('view' | 'replay')[]) => ({ rights })

test('a viewer without replay on any camera is offered no timeline', () => {
  expect(isFor('replay', { role: 'viewer', cameras: [withRights('view'), withRights('view')] })).toBe(false)
  expect(isFor('replay', { role: 'viewer', cameras: [withRights('view'), withRights('view', 'replay')] })).toBe(true)
  expect(isFor('replay', { role: 'admin', cameras: [] })).toBe(true)
})

test('what is for administrators is offered to nobody else', () => {
  expect(isFor('admin', { role: 'viewer', cameras: [withRights('view', 'replay')] })).toBe(false)
  expect(isFor('admin', { role: undefined, cameras: [] })).toBe(false)
  expect(isFor('admin', { role: 'admin', cameras: [] })).toBe(true)
})
