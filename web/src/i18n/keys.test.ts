/** Holds the texts and the code together: no key without a text, no text without a use, every language complete. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { languages } from '@vedette/shared/language.ts'
import { describe, expect, test } from 'vitest'
import { englishLater } from './english-later.ts'
import { german } from './german.ts'
import { english } from './i18n.ts'

const src = join(import.meta.dirname, '..')
const locales = join(src, 'locales')
const plural = /_(zero|one|two|few|many|other)$/

function textsIn(value: unknown, prefix: string): [string, string][] {
  if (typeof value !== 'object' || value === null) return [[prefix, String(value)]]
  return Object.entries(value).flatMap(([key, inner]) => textsIn(inner, prefix ? `${prefix}.${key}` : key))
}

/** Text by key. */
function textsOf(language: string): Map<string, string> {
  const files = readdirSync(join(locales, language))
  const parse = (file: string): unknown => JSON.parse(readFileSync(join(locales, language, file), 'utf8'))
  return new Map(files.flatMap((file) => textsIn(parse(file), file.replace(/\.json$/, ''))))
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

const englishTexts = textsOf('en')
const bare = [...englishTexts.keys()].map((key) => key.replace(plural, ''))
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

describe.each(readdirSync(locales).filter((name) => name !== 'en'))('%s', (language) => {
  const theirs = textsOf(language)

  test('has every text, and none that English has not', () => {
    const keys = [...theirs.keys()].map((key) => key.replace(plural, ''))
    expect(bare.filter((key) => !keys.includes(key))).toEqual([])
    expect(keys.filter((key) => !bare.includes(key))).toEqual([])
  })

  test('has each counted text in all forms of its grammar', () => {
    const { pluralCategories } = new Intl.PluralRules(language).resolvedOptions()
    const counted = [...englishTexts.keys()].filter((key) => plural.test(key)).map((key) => key.replace(plural, ''))
    const missing = counted.flatMap((key) => pluralCategories.map((form) => `${key}_${form}`))
    expect(missing.filter((key) => !theirs.has(key))).toEqual([])
  })

  test('says the same variables', () => {
    const variables = (text = '') => [...text.matchAll(/{{(\w+)}}/g)].map((match) => match[1]).sort()
    const wrong = [...theirs].filter(
      ([key, text]) => englishTexts.has(key) && variables(text).join() !== variables(englishTexts.get(key)).join(),
    )
    expect(wrong.map(([key]) => key)).toEqual([])
  })
})

test('every file of texts is loaded', () => {
  const loaded = { en: Object.keys({ ...english, ...englishLater }), de: Object.keys(german) }
  for (const language of languages)
    expect(loaded[language].sort()).toEqual(readdirSync(join(locales, language)).map((file) => file.slice(0, -5)))
})
