/**
 * How fuzz tests run: bounded and repeatable, with the seed in the failure's text (fast-check prints it).
 * A long run: `VEDETTE_FUZZ_TIMES=100 VEDETTE_FUZZ_SEED=random npx vitest run --project unit fuzz hostile property`.
 */
import fc from 'fast-check'
import { expect } from 'vitest'
import { AppError } from '../../server/src/lib/app-error.ts'

const { VEDETTE_FUZZ_SEED: seed, VEDETTE_FUZZ_TIMES: times } = process.env

/** For fc.assert. Without the environment's word every run is the same. */
export function fuzzRuns(numRuns: number): { seed: number; numRuns: number } {
  return {
    seed: seed === 'random' ? Date.now() : Number(seed ?? 20_261_122),
    numRuns: numRuns * Number(times ?? 1),
  }
}

/** Longer than any parser may take for an input of the sizes below: a backtracking expression takes seconds. */
const maxMs = 250

/** Runs it: an answer or an AppError, soon. What took long is run again, since a busy machine takes its time once. */
export function survives(work: () => unknown): void {
  let quickestMs = Number.POSITIVE_INFINITY
  for (let attempt = 0; attempt < 3 && quickestMs > maxMs; attempt++) {
    const startMs = performance.now()
    try {
      work()
    } catch (error) {
      if (!(error instanceof AppError)) throw error
    }
    quickestMs = Math.min(quickestMs, performance.now() - startMs)
  }
  if (quickestMs > maxMs) expect.fail(`took ${Math.round(quickestMs)} ms`)
}

/** Bytes of nothing, of noise, and good ones with some places changed, cut out, doubled or filled. */
export function mutatedBytes(...good: readonly Uint8Array[]): fc.Arbitrary<Buffer> {
  const change = fc.tuple(
    fc.nat(),
    fc.constantFrom('flip', 'cut', 'double', 'zero', 'ones', 'put'),
    fc.uint8Array({ maxLength: 9 }),
  )
  const mutated = fc.tuple(fc.constantFrom(...good), fc.array(change, { maxLength: 6 })).map(([bytes, changes]) =>
    changes.reduce((old, [place, kind, put]) => {
      const at = place % (old.length + 1)
      const to = Math.min(old.length, at + 1 + (put[0] ?? 0))
      if (kind === 'cut') return Buffer.concat([old.subarray(0, at), old.subarray(to)])
      if (kind === 'double') return Buffer.concat([old.subarray(0, to), old.subarray(at)])
      const copy = Buffer.from(old)
      if (kind === 'put') copy.set(put.subarray(0, copy.length - at), at)
      else if (kind === 'flip' && at < copy.length) copy[at] = (copy[at] ?? 0) ^ (1 << ((put[0] ?? 0) & 7))
      else copy.fill(kind === 'ones' ? 0xff : 0, at, to)
      return copy
    }, Buffer.from(bytes)),
  )
  return fc.oneof(
    mutated,
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  )
}

/** The same for texts. */
export function mutatedText(...good: readonly string[]): fc.Arbitrary<string> {
  const change = fc.tuple(fc.nat(), fc.string({ maxLength: 8, unit: 'binary' }), fc.nat(12))
  const mutated = fc.tuple(fc.constantFrom(...good), fc.array(change, { maxLength: 5 })).map(([text, changes]) =>
    changes.reduce((old, [place, put, skip]) => {
      const at = place % (old.length + 1)
      return skip > 11 ? old + old.slice(at) : old.slice(0, at) + put + old.slice(at + skip)
    }, text),
  )
  return fc.oneof(mutated, fc.string({ maxLength: 200, unit: 'binary' }))
}

/** Any JSON value, with the keys that a schema knows and those that nobody may send. */
export function anyMessage(keys: readonly string[], values: readonly unknown[]): fc.Arbitrary<unknown> {
  const key = fc.constantFrom(...keys, '__proto__', 'constructor', 'toString', 'x')
  const leaf = fc.oneof(
    fc.constantFrom<unknown>(...values, null, true, 0, -1, 1e308, Number.NaN, Number.POSITIVE_INFINITY, '', [], {}),
    fc.jsonValue({ maxDepth: 2 }),
    fc.uint8Array({ maxLength: 20 }),
  )
  return fc
    .array(fc.tuple(key, leaf), { maxLength: 12 })
    .map((entries) => Object.fromEntries([...entries, ...entries.slice(0, 1)]))
}
