/** SECURITY.md lists promises with the tests that hold them: each must be there, and be named after its promise. */
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '../..')
const text = readFileSync(join(root, 'SECURITY.md'), 'utf8')
const [promised = '', notYet = ''] = text.split(/^## Not promised yet$/m)

/** Rows of the table: | R1 | promise | `test`, `test` | */
const promises = promised
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .filter(([, id]) => /^R\d+$/.test(id ?? ''))
  .map(([, id = '', promise = '', tests = '']) => ({
    id,
    promise,
    tests: [...tests.matchAll(/`([^`]+)`/g)].map((m) => m[1] ?? ''),
  }))

/** Names of tests and suites in a file that hold an id. */
function namesWith(id: string, file: string): string[] {
  const source = readFileSync(join(root, file), 'utf8')
  const names = [...source.matchAll(/\b(?:test|describe)(?:\.\w+)*(?:\([^'"`]*?\))?\(\s*(['"`])(.*?)\1/g)].map(
    (m) => m[2] ?? '',
  )
  return names.filter((name) => new RegExp(`\\b${id}\\b`).test(name))
}

describe('SECURITY.md', () => {
  test.each(promises)('$id is promised once, and tested', ({ id, promise, tests }) => {
    expect(promise).not.toBe('')
    expect(promises.filter((other) => other.id === id)).toHaveLength(1)
    expect(tests.length).toBeGreaterThan(0)
    for (const file of tests) {
      expect(existsSync(join(root, file)), `${file} is not there`).toBe(true)
      expect(namesWith(id, file), `${file} has no test whose name contains ${id}`).not.toEqual([])
    }
  })

  test('every rule is promised, or listed as not promised yet', () => {
    const ids = Array.from({ length: 40 }, (_, i) => `R${i + 1}`)
    const named = new Set([...promises.map(({ id }) => id), ...(notYet.match(/\bR\d+\b/g) ?? [])])
    expect(ids.filter((id) => !named.has(id))).toEqual([])
  })
})
