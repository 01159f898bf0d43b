import { writeSync } from 'node:fs'
import { expect, test } from 'vitest'
import { silentLog } from '../lib/log.ts'
import { Blame } from './blame.ts'

function leave(blame: Blame, value: number): void {
  const mark = Buffer.alloc(4)
  mark.writeUInt32LE(value)
  writeSync(blame.file, mark, 0, 4, 0)
}

test('R16 three ends in a row give a camera up, alone, until it is forgiven', () => {
  const blame = new Blame(silentLog)
  blame.indexOf('yard')
  for (let i = 0; i < 3; i++) {
    leave(blame, blame.indexOf('door') + 1)
    blame.judge(1000)
    blame.clear()
  }
  expect(blame.givenUp).toEqual(['door'])
  blame.forgive('door')
  expect(blame.givenUp).toEqual([])
  blame.close()
})

test('R16 nobody is blamed where no mark was left', () => {
  const blame = new Blame(silentLog)
  blame.indexOf('yard')
  for (let i = 0; i < 5; i++) blame.judge(1000)
  expect(blame.givenUp).toEqual([])
  blame.close()
})

test('R16 ends that lie far apart are forgotten', () => {
  const blame = new Blame(silentLog)
  for (let i = 0; i < 5; i++) {
    leave(blame, blame.indexOf('door') + 1)
    blame.judge(3_600_000)
  }
  expect(blame.givenUp).toEqual([])
  blame.close()
})
