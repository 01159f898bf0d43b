/** What the log says about the object of an entry is English for every reader ("camera 01J…"): the same in the reader's language. */
import type { TFunction } from 'i18next'

const oneId = '[0-9A-HJKMNP-TV-Z]{26}'
const allOf = new RegExp(`^all of user (${oneId})$`)
const sessionOf = new RegExp(`^session (${oneId}) of user (${oneId})$`)

/** The ids in it stay. */
export function objectInWords(object: string, t: TFunction): string {
  if (object === 'all others') return t('audit.allOthers')
  const [, user] = allOf.exec(object) ?? []
  if (user) return t('audit.allOf', { user })
  const [, session, whose] = sessionOf.exec(object) ?? []
  if (session) return t('audit.sessionOf', { session, user: whose })
  const [, kind = '', rest] = /^(\w+) (.*)$/s.exec(object) ?? []
  return rest !== undefined && isKind(kind) ? `${t(`audit.objectKind.${kind}`)} ${rest}` : object
}

const kinds = [
  'camera',
  'user',
  'group',
  'role',
  'backup',
  'volume',
  'token',
  'session',
  'device',
  'passkey',
  'event',
] as const
const isKind = (kind: string): kind is (typeof kinds)[number] => kinds.some((one) => one === kind)
