/** Holds the texts and the code together: no key without a text, no text without a use, English complete. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const src = join(import.meta.dirname, '..')
const locales = join(src, 'locales')
const plural = /_(zero|one|two|few|many|other)$/

function keysIn(value: unknown, prefix: string): string[] {
  if (typeof value !== 'object' || value === null) return [prefix]
  return Object.entries(value).flatMap(([key, inner]) => keysIn(inner, prefix ? `${prefix}.${key}` : key))
}

function keysOf(language: string): string[] {
  return readdirSync(join(locales, language)).flatMap((file) => {
    const texts: unknown = JSON.parse(readFileSync(join(locales, language, file), 'utf8'))
    return keysIn(texts, file.replace(/\.json$/, '')).filter((key) => key.includes('.'))
  })
}

/** Every t('a.b') and t(`a.${b}`), also in a choice: t(x ? 'a.b' : 'a.c'). A variable part stands for one word. */
function keysUsed(): { key: string; file: string }[] {
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter(
    (file) => /\.tsx?$/.test(file) && !file.endsWith('.test.ts'),
  )
  return files.flatMap((file) => {
    const code = readFileSync(join(src, file), 'utf8')
    const calls = [...code.matchAll(/\bt\(([^)]*)/g)].map((call) => call[1] ?? '')
    const named = calls.flatMap((call) => [...call.matchAll(/['`]([a-z][\w-]*\.[\w.${}-]+)['`]/gi)])
    return named.map((match) => ({ key: match[1] ?? '', file }))
  })
}

const toPattern = (key: string) =>
  new RegExp(
    `^${key
      .split(/\$\{[^}]*\}/)
      .map((part) => part.replaceAll('.', '\\.'))
      .join('[^.]+')}$`,
  )

const english = keysOf('en')
const bare = english.map((key) => key.replace(plural, ''))
const used = keysUsed().map(({ key, file }) => ({ key, file, pattern: toPattern(key) }))

test('every key in the code has an English text', () => {
  const missing = used.filter(({ pattern }) => !bare.some((key) => pattern.test(key)))
  expect(missing.map(({ key, file }) => `${key} in ${file}`)).toEqual([])
})

test('every English text is used', () => {
  expect(bare.filter((key) => !used.some(({ pattern }) => pattern.test(key)))).toEqual([])
})

test('the check finds keys at all', () => {
  expect(used.length).toBeGreaterThan(100)
})

test.each(readdirSync(locales).filter((name) => name !== 'en'))('%s has every text', (language) => {
  const theirs = new Set(keysOf(language).map((key) => key.replace(plural, '')))
  expect(bare.filter((key) => !theirs.has(key))).toEqual([])
})
