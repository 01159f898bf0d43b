/** What an entry is about, in words: the log keeps ids, which stay right when names change. */
import { useTranslation } from 'react-i18next'
import { useCameras } from '../api/queries.ts'
import { useGroups, useRoles, useUsers } from '../users/use-accounts.ts'
import { objectInWords } from './object-in-words.ts'

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
  const names = new Map(named.map(({ id, name }) => [id, name]))
  return (object) =>
    object
      ? objectInWords(object, t).replace(
          /[0-9A-HJKMNP-TV-Z]{26}/g,
          (id) => names.get(id) ?? t('audit.shortId', { id: id.slice(-6) }),
        )
      : '–'
}
