/**
 * Texts. One file per folder of the app in locales/<language>/; a key's first word is its file: t('cameras.empty').
 * English is in the bundle and the fallback. keys.test.ts holds code and files together.
 */
import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import audit from '../locales/en/audit.json'
import auth from '../locales/en/auth.json'
import backup from '../locales/en/backup.json'
import cameras from '../locales/en/cameras.json'
import common from '../locales/en/common.json'
import live from '../locales/en/live.json'
import logs from '../locales/en/logs.json'
import profile from '../locales/en/profile.json'
import shell from '../locales/en/shell.json'
import status from '../locales/en/status.json'
import storage from '../locales/en/storage.json'
import timeline from '../locales/en/timeline.json'
import users from '../locales/en/users.json'

export const english = {
  audit,
  auth,
  backup,
  cameras,
  common,
  live,
  logs,
  profile,
  shell,
  status,
  storage,
  timeline,
  users,
}

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: typeof english }
  }
}

void i18next.use(initReactI18next).init({
  lng: 'en',
  fallbackLng: 'en',
  resources: { en: { translation: english } },
  interpolation: { escapeValue: false }, // React escapes.
  returnNull: false,
})
