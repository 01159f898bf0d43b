import { expect, test } from 'vitest'
import { FairQueue, TooBusy } from './fair-queue.ts'

/** A queue whose work ends when the test says so; `order` tells who began. */
function held(bounds: ConstructorParameters<typeof FairQueue>[0]) {
  const queue = new FairQueue(bounds)
  const order: string[] = []
  const ends: (() => void)[] = []
  const come = (key: string, name: string) =>
    queue.run(key, () => {
      order.push(name)
      return new Promise<void>((resolve) => ends.push(resolve))
    })
  const endOne = async () => {
    ends.shift()?.()
    for (let i = 0; i < 5; i++) await Promise.resolve()
  }
  return { order, come, endOne }
}

test('keys take turns, whoever came in a crowd', async () => {
  const { order, come, endOne } = held({ atOnce: 1, waiting: 10, waitingPerKey: 10 })
  const all = [come('a', 'a1'), come('a', 'a2'), come('a', 'a3'), come('a', 'a4'), come('b', 'b1'), come('c', 'c1')]
  for (let i = 0; i < 6; i++) await endOne()
  await Promise.all(all)
  expect(order).toEqual(['a1', 'a2', 'b1', 'c1', 'a3', 'a4'])
})

test('what does not fit is refused at once, for one key before all', async () => {
  const { come, endOne } = held({ atOnce: 1, waiting: 3, waitingPerKey: 1 })
  const fit = [come('a', 'a1'), come('a', 'a2')]
  await expect(come('a', 'a3')).rejects.toThrow(TooBusy)
  fit.push(come('b', 'b1'), come('c', 'c1'))
  await expect(come('d', 'd1')).rejects.toThrow(TooBusy)
  for (let i = 0; i < 4; i++) await endOne()
  await Promise.all(fit)
})

test('R7 in a full line the longest makes room for whoever waits shorter, the last of it first', async () => {
  const { order, come, endOne } = held({ atOnce: 1, waiting: 4, waitingPerKey: 3 })
  const all = ['a1', 'a2', 'a3', 'a4', 'b1', 'c1', 'd1', 'b2'].map((name) => come(name.slice(0, 1), name))
  const ends = Promise.allSettled(all)
  for (let i = 0; i < 5; i++) await endOne()
  expect(order).toEqual(['a1', 'a2', 'b1', 'c1', 'd1'])
  const refused = (await ends).flatMap((end) => (end.status === 'rejected' ? [end.reason] : []))
  expect(refused).toEqual([expect.any(TooBusy), expect.any(TooBusy), expect.any(TooBusy)])
})

test('work that fails frees its place', async () => {
  const queue = new FairQueue({ atOnce: 1, waiting: 1, waitingPerKey: 1 })
  await expect(queue.run('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(await queue.run('a', async () => 'yes')).toBe('yes')
})
