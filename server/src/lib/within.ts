/** Waits no longer than a limit for something that goes on all the same. */
import type { Clock } from './clock.ts'

/** The limit has passed. */
export class TooLate extends Error {}

/** Resolves or rejects as `work` does; rejects with TooLate after `limitMs`. What comes of `work` later is nobody's. */
export async function within<T>(clock: Clock, limitMs: number, work: Promise<T>): Promise<T> {
  const done = new AbortController()
  const late = clock.sleep(limitMs, done.signal).then(
    () => Promise.reject(new TooLate(`no answer in ${limitMs} ms`)),
    () => new Promise<never>(() => {}),
  )
  try {
    return await Promise.race([work, late])
  } finally {
    done.abort()
  }
}
