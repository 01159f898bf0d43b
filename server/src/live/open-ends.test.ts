import { expect, onTestFinished, test, vi } from 'vitest'
import { ManualClock } from '../lib/clock.ts'
import { OpenEnds } from './open-ends.ts'

const segment = (id: string, volumeId = 'A') => ({ id, volumeId })

/** Two volumes; A can be made to hang. */
function disks() {
  const clock = new ManualClock()
  let hangs: PromiseWithResolvers<void> | undefined
  const looked: string[] = []
  const ends = new OpenEnds({
    clock,
    lookAt: async ({ id, volumeId }: { id: string; volumeId: string }) => {
      looked.push(id)
      if (volumeId === 'A') await hangs?.promise
      return 7000
    },
  })
  const passing = setInterval(() => clock.advance(50), 1)
  onTestFinished(() => clearInterval(passing))
  return {
    ends,
    looked,
    hang: () => {
      hangs = Promise.withResolvers()
    },
    answer: () => {
      hangs?.resolve()
      hangs = undefined
    },
  }
}

test('every segment that is being written has its end', async () => {
  const { ends } = disks()
  const found = await ends.read([segment('1'), segment('2'), segment('3', 'B')])
  expect([...found].sort()).toEqual([
    ['1', 7000],
    ['2', 7000],
    ['3', 7000],
  ])
  expect(await ends.read([])).toEqual(new Map())
})

test('a disk that hangs costs half a second once, one thread, and no other disk’s ends', async () => {
  const { ends, looked, hang, answer } = disks()
  hang()
  expect([...(await ends.read([segment('1'), segment('2'), segment('3', 'B')])).keys()]).toEqual(['3'])
  const asked = looked.length
  for (let times = 0; times < 20; times++) expect((await ends.read([segment('1')])).size).toBe(0)
  expect(looked).toHaveLength(asked)
  answer()
  await vi.waitFor(async () => expect((await ends.read([segment('1')])).get('1')).toBe(7000))
})

test('two that ask at the same time both get an answer', async () => {
  const { ends } = disks()
  const both = await Promise.all([ends.read([segment('1')]), ends.read([segment('1'), segment('2')])])
  expect(both.map((found) => found.size)).toEqual([1, 2])
})
