import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { serverFlags } from '../../../scripts/server-flags.mjs'
import { giveBackMemory } from './give-back-memory.ts'

const heldBytes = () => getHeapSpaceStatistics().reduce((sum, space) => sum + space.physical_space_size, 0)

test('what a start has thrown away goes back to the system', () => {
  setFlagsFromString('--expose-gc')
  let garbage: unknown = Array.from({ length: 400_000 }, (_, n) => ({ n, text: `${n}` }))
  const beforeBytes = heldBytes()
  garbage = undefined
  giveBackMemory(runInNewContext('gc'))
  expect(heldBytes()).toBeLessThan(beforeBytes - 20_000_000)
  expect(garbage).toBeUndefined()
})

test('the server is started with what that needs', () => {
  expect(serverFlags).toContain('--expose-gc')
})
