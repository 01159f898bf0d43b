import { expect, test } from 'vitest'
import { RefusalBudget } from './refusal-budget.ts'

const minute = 60_000
const failed = (n: number) => ({ kind: 'login.failed', address: `10.0.0.${n % 20}`, username: 'anna' })

/** How many of so many are written one by one. */
function written(budget: RefusalBudget, source: string, count: number, atMs: number): number {
  return Array.from({ length: count }, (_, n) => budget.take(source, failed(n), atMs)).filter(Boolean).length
}

test('R24 a hundred are written, then one a minute, and never more than a hundred saved up', () => {
  const budget = new RefusalBudget()
  expect(written(budget, '', 5000, 0)).toBe(100)
  expect(written(budget, '', 50, 3 * minute + 1)).toBe(3)
  expect(written(budget, '', 50, 3 * minute + 2)).toBe(0)
  expect(written(budget, '', 5000, 1e12)).toBe(100)
})

test('R24 one source does not use up another’s', () => {
  const budget = new RefusalBudget()
  written(budget, '', 5000, 0)
  expect(written(budget, 'user anna', 5, 0)).toBe(5)
})

test('R24 the others are summed up, with those who were met most', () => {
  const budget = new RefusalBudget()
  written(budget, '', 340, 1000)
  expect(budget.sum(2 * minute)).toBeUndefined()
  const sum = budget.sum(1000 + 5 * minute)
  expect(sum).toMatchObject({ sinceMs: 1000, untilMs: 1000 + 5 * minute, kinds: { 'login.failed': 240 } })
  expect(sum?.addresses).toHaveLength(10)
  expect(sum?.addresses[0]).toEqual({ name: '10.0.0.0', count: 12 })
  expect(sum?.users).toEqual([{ name: 'anna', count: 240 }])
  expect(budget.sum(1e12)).toBeUndefined()
})

test('R38 it stays small, from however many addresses they come', () => {
  const budget = new RefusalBudget()
  for (let n = 0; n < 20_000; n++)
    budget.take(`user ${n}`, { kind: 'access.refused', address: `address ${n}`, username: `user ${n}` }, 0)
  written(budget, '', 5000, 0)
  const sum = budget.sum(0, true)
  expect(JSON.stringify(sum).length).toBeLessThan(2000)
  expect(sum?.addresses[0]?.name).toBe('(others)')
})
