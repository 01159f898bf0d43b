import { describe, expect, test } from 'vitest'
import { Seats } from '../http/seats.ts'
import { BoundedCache } from './bounded-cache.ts'

describe('bounded cache', () => {
  test('keeps what was used last, up to its weight', async () => {
    const cache = new BoundedCache<string>(10, (value) => value.length)
    const loads: string[] = []
    const get = (key: string, sizeBytes = 4) =>
      cache.get(key, async () => {
        loads.push(key)
        return 'x'.repeat(sizeBytes)
      })
    for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) await get(key)
    expect(loads).toEqual(['a', 'b', 'c', 'b'])
    expect(cache.weight).toBeLessThanOrEqual(10)
    await get('huge', 100)
    await get('a')
    expect(cache.weight).toBeLessThanOrEqual(10)
  })

  test('loads once for all who ask at once, and again after nothing or a failure', async () => {
    const cache = new BoundedCache<number>(10, () => 1)
    let loads = 0
    const load = async () => ++loads
    expect(await Promise.all([cache.get('a', load), cache.get('a', load)])).toEqual([1, 1])
    expect(await cache.get('b', async () => undefined)).toBeUndefined()
    await expect(cache.get('b', () => Promise.reject(new Error('disk')))).rejects.toThrow('disk')
    expect(await cache.get('b', load)).toBe(2)
    expect(cache.weight).toBe(2)
  })
})

test('R38 seats are given to each user and in all, and come back once', () => {
  const seats = new Seats(2, 3)
  const leave = seats.take('anna')
  seats.take('anna')
  expect(() => seats.take('anna')).toThrow('open at once')
  seats.take('ben')
  expect(() => seats.take('ben')).toThrow('open at once')
  leave()
  leave()
  expect(seats.total).toBe(2)
  seats.take('ben')
})
