/**
 * Texts. One file per folder of the app in locales/<language>/; a key's first word is its file: t('cameras.empty').
 * English is in the bundle (the pages behind the account bring theirs, english-later.ts) and the fallback. keys.test.ts holds code and files together.
 */
import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import auth from '../locales/en/auth.json'
import cameras from '../locales/en/cameras.json'
import common from '../locales/en/common.json'
import live from '../locales/en/live.json'
import shell from '../locales/en/shell.json'
import storage from '../locales/en/storage.json'
import timeline from '../locales/en/timeline.json'
import type { englishLater } from './english-later.ts'

export const english = {
  auth,
  cameras,
  common,
  live,
  shell,
  storage,
  timeline,
}

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: typeof english & typeof englishLater }
  }
}

void i18next.use(initReactI18next).init({
  lng: 'en',
  fallbackLng: 'en',
  resources: { en: { translation: english } },
  interpolation: { escapeValue: false }, // React escapes.
  returnNull: false,
})
