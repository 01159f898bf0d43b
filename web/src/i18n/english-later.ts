/**
 * English texts of the pages behind the account: they load with the first of those pages (each page's file imports this one), so
 * that live and timeline begin without them.
 */
import i18next from 'i18next'
import audit from '../locales/en/audit.json'
import backup from '../locales/en/backup.json'
import logs from '../locales/en/logs.json'
import profile from '../locales/en/profile.json'
import status from '../locales/en/status.json'
import users from '../locales/en/users.json'
import './i18n.ts'

export const englishLater = { audit, backup, logs, profile, status, users }

i18next.addResourceBundle('en', 'translation', englishLater, true)
