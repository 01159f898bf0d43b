import { getHeapSpaceStatistics } from 'node:v8'
import { expect, test } from 'vitest'
import { giveBackMemory } from './give-back-memory.ts'

const heldBytes = () => getHeapSpaceStatistics().reduce((sum, space) => sum + space.physical_space_size, 0)

test('what a start has thrown away goes back to the system', () => {
  let garbage: unknown = Array.from({ length: 400_000 }, (_, n) => ({ n, text: `${n}` }))
  const beforeBytes = heldBytes()
  garbage = undefined
  giveBackMemory()
  expect(heldBytes()).toBeLessThan(beforeBytes - 20_000_000)
  expect(garbage).toBeUndefined()
})
