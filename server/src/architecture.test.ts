/** The dependency direction of docs/architecture.md, as a test. New folder? Give it a row. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'

const level1 = ['media', 'db', 'http', 'rtsp', 'net', 'sandbox']
const level2 = [
  'cameras',
  'ingest',
  'record',
  'live',
  'vision',
  'events',
  'auth',
  'audit',
  'storage',
  'system',
  'secrets',
  'backup',
  'logs',
]
const mayImport: Record<string, readonly string[]> = {
  lib: [],
  media: ['lib'],
  sandbox: ['lib'],
  db: ['lib'],
  http: ['lib'],
  net: ['lib'],
  rtsp: ['lib', 'net'],
  cli: ['(top level)', 'lib', ...level1, ...level2],
  ...Object.fromEntries(level2.map((room) => [room, ['lib', ...level1]])),
}

/** A package (left) only where the path matches (right): rule 6 of the house rules. */
const onlyIn: readonly [RegExp, RegExp][] = [
  [/^node-av/, /^media\//],
  [/^(better-sqlite3|pg|kysely)/, /(^db\/|-store\.ts$|^cli\/|-store\.[a-z-]+\.ts$)/],
  [/^(fastify|@fastify)/, /(^http\/|-routes\.ts$)/],
  [/^(node:)?(net|tls|dgram)$/, /^(net|rtsp)\/|^lib\/inherited-pipe\.ts$/],
  [/^(node:)?(http|https|dns|dns\/promises)$/, /^(net|http)\//],
]

const root = import.meta.dirname
const sources = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
  (file) => /\.ts$/.test(file) && !file.endsWith('.test.ts'),
)
const importsOf = (file: string) =>
  [...readFileSync(join(root, file), 'utf8').matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((m) => m[1] ?? '')

describe('architecture', () => {
  test.each(sources.filter((file) => file.includes('/')))('%s imports only from the rooms below it', (file) => {
    const room = file.split('/')[0] ?? ''
    const rooms = importsOf(file)
      .filter((target) => target.startsWith('.'))
      .map((target) => relative(root, resolve(root, dirname(file), target)).split('/'))
      .map((path) => (path.length > 1 ? path[0] : '(top level)'))
    expect([room, ...(mayImport[room] ?? [])]).toEqual(expect.arrayContaining(rooms))
  })

  test.each(sources)('%s uses only the packages of its place', (file) => {
    const wrong = importsOf(file).filter((name) =>
      onlyIn.some(([packages, place]) => packages.test(name) && !place.test(file)),
    )
    expect(wrong).toEqual([])
  })

  test('only config.ts reads the environment', () => {
    const readers = sources.filter((file) => /process\.env/.test(readFileSync(join(root, file), 'utf8')))
    expect(readers.filter((file) => file !== 'config.ts')).toEqual([])
  })

  test('nothing is named after what it is not', () => {
    expect(sources.filter((file) => /(utils|helpers|common|manager|index)\.ts$/.test(file))).toEqual([])
  })
})
