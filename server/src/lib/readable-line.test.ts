import { expect, test } from 'vitest'
import { readableLine } from './readable-line.ts'

const line = (facts: object) => `${JSON.stringify({ level: 30, time: '2026-11-22T02:23:56.217Z', ...facts })}\n`

test('says when, who and what, with the facts behind', () => {
  const text = readableLine(line({ name: 'recorder', camera: '01M8', attempts: 1, msg: 'camera online' }))
  expect(text).toBe('02:23:56 recorder camera online  camera="01M8"  attempts=1\n')
})

test('marks what is wrong and shows where', () => {
  const err = { type: 'Error', message: 'no', stack: 'Error: no\n    at here' }
  expect(readableLine(line({ level: 50, name: 'control', err, msg: 'it failed' }))).toBe(
    '02:23:56 control  ERROR it failed\n    Error: no\n        at here\n',
  )
  expect(readableLine(line({ level: 40, name: 'control', msg: 'late' }))).toContain('WARNING late')
})

test('R23 lets nothing through that a terminal would obey', () => {
  const err = { message: '\u001b[2Jgone\n02:23:57 control  forged', stack: undefined }
  const facts = {
    name: 'recorder',
    said: '\u001b[31m\u202e',
    err,
    msg: 'camera\u0007\u009b2J\n02:23:57 control  forged',
  }
  const text = readableLine(line(facts))
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/)
  expect(text.split('\n').filter((row) => row.startsWith('02:23:57'))).toEqual([])
  // Colours are ours alone.
  expect(readableLine(line(facts), true).replaceAll(/\u001b\[\d+m/g, '')).not.toMatch(/[\u001b\u009b\u202e]/)
})

test('leaves alone what is no record', () => {
  expect(readableLine('not json\n')).toBe('not json\n')
})
