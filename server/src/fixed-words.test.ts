/**
 * R17, read from the sources: no text that somebody sends becomes code, a command line, a pattern, a template or SQL. Each place
 * that could is named here with what it is made of; a new one fails until somebody has looked at it.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '../..')
const sources = ['server/src', 'shared/src'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => `${folder}/${file}`),
)
const codeOf = (file: string) =>
  readFileSync(join(root, file), 'utf8')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/^\s*\/\/.*$/gm, '')
const filesWith = (pattern: RegExp) => sources.filter((file) => pattern.test(codeOf(file))).sort()

test('R17 no text becomes code', () => {
  expect(filesWith(/\beval\s*\(|\bnew Function\b|\bFunction\s*\(|node:vm\b|\bsetTimeout\s*\(\s*['"`]/)).toEqual([])
})

test('R17 no text becomes a pattern', () => {
  expect(filesWith(/\bRegExp\s*\(/)).toEqual([
    // The names of its own lists: fields of /proc, labels of host names.
    'server/src/http/transport-config.ts',
    'server/src/sandbox/process-facts.ts',
  ])
})

test('R17 no text becomes SQL', () => {
  // Constants of the schema: hours and days of migrations.
  expect(filesWith(/\bsql\s*\.raw\s*\(/).filter((file) => !file.startsWith('server/src/db/migrations/'))).toEqual([])
  expect(filesWith(/\bsql\s*\.(ref|table|id)\s*\(/)).toEqual(['server/src/secrets/rotate-key-store.ts'])
  expect(filesWith(/\.(exec|prepare)\s*\(\s*`/)).toEqual([])
})

test('R17 programs are started from fixed lists of words, never by a shell', () => {
  expect(
    filesWith(/\bshell\s*:|\bexecSync\b|\bexecFile\b|\{[^}]*\bexec\b[^}]*\}\s*from\s*'node:child_process'/),
  ).toEqual([])
  expect(filesWith(/^import (?!type)[^;]*'(node:)?child_process'/m)).toEqual([
    'server/src/become-user.ts', // id and setpriv, with numbers that they told.
    'server/src/cli/start-command.ts', // The demo's cameras.
    'server/src/sandbox/launcher.ts', // recorder and vision.
    'server/src/sandbox/try-deeds.ts', // Tries out what must not work.
    'server/src/sandbox/try-launches.ts',
    'server/src/shrink-picture.ts', // The process that decodes a user's picture.
  ])
})
