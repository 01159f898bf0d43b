/** The objects of entries, as server/src/auth writes them, in both languages. */
import i18next from 'i18next'
import { beforeAll, expect, test } from 'vitest'
import '../i18n/english-later.ts'
import { german } from '../i18n/german.ts'
import { objectInWords } from './object-in-words.ts'

const [session, user] = ['01J0000000000000000000000A', '01J0000000000000000000000Z']
beforeAll(() => {
  i18next.addResourceBundle('de', 'translation', german)
})

test.each([
  ['all others', 'all other sessions', 'alle anderen Sitzungen'],
  [`all of user ${user}`, `all sessions of ${user}`, `alle Sitzungen von ${user}`],
  [`session ${session} of user ${user}`, `session ${session} of ${user}`, `Sitzung ${session} von ${user}`],
  [`session ${session}`, `session ${session}`, `Sitzung ${session}`],
  [`user ${user}`, `user ${user}`, `Benutzer ${user}`],
  ['/api/users', '/api/users', '/api/users'],
  ['all of user $t(common.close)', 'all of user $t(common.close)', 'all of user $t(common.close)'],
])('%s', (object, inEnglish, inGerman) => {
  expect(objectInWords(object, i18next.getFixedT('en'))).toBe(inEnglish)
  expect(objectInWords(object, i18next.getFixedT('de'))).toBe(inGerman)
})
