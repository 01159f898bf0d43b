import { expect, test } from 'vitest'
import { formatLocales, languageFor } from './language.ts'

test('without a choice the browser’s first known language is spoken, else English', () => {
  expect(languageFor('auto', ['fr-FR', 'de-AT', 'en'])).toBe('de')
  expect(languageFor('auto', ['EN-gb', 'de'])).toBe('en')
  expect(languageFor('auto', ['fr', 'tlh'])).toBe('en')
  expect(languageFor('auto', [])).toBe('en')
})

test('a choice wins over the browser, and keeps its region for times and numbers', () => {
  expect(languageFor('de', ['en-US'])).toBe('de')
  expect(formatLocales('de', ['en-US', 'de-AT'])).toEqual(['de-AT', 'de'])
  expect(formatLocales('en', ['de-DE'])).toEqual(['en'])
  expect(formatLocales('auto', ['fr-CH', 'de'])).toEqual(['fr-CH', 'de'])
})
