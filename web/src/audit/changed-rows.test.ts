import { expect, test } from 'vitest'
import { changedRows } from './changed-rows.ts'

test('a change is a row for each field, with what else is told', () => {
  expect(changedRows({ before: { name: 'Yard' }, after: { name: 'Gate' }, password: 'changed' })).toEqual({
    rows: [{ field: 'name', before: 'Yard', after: 'Gate' }],
    rest: { password: 'changed' },
  })
})

test('what was added has no before, what was deleted no after, and lists are written out', () => {
  expect(changedRows({ after: { cameras: ['a'] } }).rows).toEqual([
    { field: 'cameras', before: undefined, after: '["a"]' },
  ])
  expect(changedRows({ before: { days: null } }).rows).toEqual([{ field: 'days', before: 'null', after: undefined }])
  expect(changedRows({ by: 'totp' })).toEqual({ rows: [], rest: { by: 'totp' } })
})
