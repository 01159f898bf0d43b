/** The German texts, loaded when they are first spoken. keys.test.ts says what is missing. */

import audit from '../locales/de/audit.json'
import auth from '../locales/de/auth.json'
import backup from '../locales/de/backup.json'
import cameras from '../locales/de/cameras.json'
import common from '../locales/de/common.json'
import live from '../locales/de/live.json'
import logs from '../locales/de/logs.json'
import profile from '../locales/de/profile.json'
import shell from '../locales/de/shell.json'
import status from '../locales/de/status.json'
import storage from '../locales/de/storage.json'
import timeline from '../locales/de/timeline.json'
import users from '../locales/de/users.json'
import { germanSentences } from './german-sentences.data.ts'
import { knowSentences } from './server-sentence.ts'

export const german = {
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

knowSentences(germanSentences)
