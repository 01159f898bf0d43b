import { expect, test } from 'vitest'
import { ClockOffset } from './clock-offset.ts'

test('knows nothing before the first echo', () => {
  expect(new ClockOffset().offsetMs).toBeUndefined()
})

test('believes the echo with the shortest round trip', () => {
  const clock = new ClockOffset()
  clock.add(1000, 6005, 1010) // 10 ms there and back: the server is 5 s ahead.
  clock.add(2000, 7350, 2400) // Held up on the way back; would say 5.15 s.
  expect(clock.offsetMs).toBe(5000)
})

test('forgets old echoes, so that a stepped clock is noticed', () => {
  const clock = new ClockOffset()
  clock.add(0, 5001, 2)
  for (let i = 1; i <= 12; i++) clock.add(i * 1000, i * 1000 + 9005, i * 1000 + 10)
  expect(clock.offsetMs).toBe(9000)
})

test('ignores an echo that came before it was asked for', () => {
  const clock = new ClockOffset()
  clock.add(1000, 5000, 900)
  expect(clock.offsetMs).toBeUndefined()
})
