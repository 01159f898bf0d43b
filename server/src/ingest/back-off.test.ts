import { expect, test } from 'vitest'
import { AppError } from '../lib/app-error.ts'
import { describeFailure, isExpected, nextDelay, triesAnew } from './back-off.ts'

test('waits longer after each failure, up to a minute', () => {
  const waits = [1, 2, 3, 4, 5, 6, 7, 100].map((failures) => nextDelay(failures, 'unreachable') / 1000)
  expect(waits).toEqual([1, 2, 5, 10, 30, 60, 60, 60])
})

test('gives a camera that refused the password five minutes, from the first time on', () => {
  expect(nextDelay(1, 'unauthorized')).toBe(300_000)
})

test('tells what people may know: the sentence of an expected failure, nothing of a bug', () => {
  expect(describeFailure(new AppError('camera_stalled', 'No picture.'))).toEqual({
    state: 'stalled',
    problem: 'No picture.',
    code: 'camera_stalled',
  })
  expect(describeFailure(new AppError('camera_path_not_found', 'No such path.')).state).toBe('unsupported')
  const bug = describeFailure(new TypeError('x is undefined'))
  expect(bug.state).toBe('unreachable')
  expect(bug.problem).not.toContain('undefined')
  expect([isExpected(new TypeError()), isExpected(new AppError('camera_stalled', ''))]).toEqual([false, true])
})

test('what was refused beside an earlier recorder is tried anew, what is coming up is let come', () => {
  expect((['online', 'connecting', 'unreachable', 'unauthorized'] as const).map((s) => triesAnew(s, 1500))).toEqual([
    false,
    false,
    true,
    true,
  ])
  expect(triesAnew('connecting', 6000)).toBe(true)
})
