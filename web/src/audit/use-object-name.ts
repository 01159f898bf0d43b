/** What an entry is about, in words: the log keeps ids, which stay right when names change. */
import { useTranslation } from 'react-i18next'
import { useCameras } from '../api/queries.ts'
import { useGroups, useRoles, useUsers } from '../users/use-accounts.ts'

export function useObjectName(): (object: string) => string {
  const { t } = useTranslation()
  const cameras = useCameras().data ?? []
  const users = useUsers().data ?? []
  const roles = useRoles().data ?? []
  const groups = useGroups().data ?? []
  const named = [
    ...[...cameras, ...roles, ...groups].map(({ id, name }) => ({ id, name })),
    ...users.map(({ id, username }) => ({ id, name: username })),
  ]
  /** The log writes "camera 01J…", in English for every reader. */
  const inWords = (object: string) => {
    const [, kind = '', rest] = /^(\w+) (.*)$/s.exec(object) ?? []
    return rest !== undefined && isKind(kind) ? `${t(`audit.objectKind.${kind}`)} ${rest}` : object
  }
  const names = new Map(named.map(({ id, name }) => [id, name]))
  return (object) =>
    object
      ? inWords(object).replace(
          /[0-9A-HJKMNP-TV-Z]{26}/g,
          (id) => names.get(id) ?? t('audit.shortId', { id: id.slice(-6) }),
        )
      : '–'
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
