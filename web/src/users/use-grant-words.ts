/** What a grant gives, in words: on what, and which rights. */
import type { Grant, Right } from '@vedette/shared/user.ts'
import { useTranslation } from 'react-i18next'
import { useCameras } from '../api/queries.ts'
import { useGroups, useRoles } from './use-accounts.ts'

export function useGrantWords() {
  const { t } = useTranslation()
  const cameras = useCameras().data ?? []
  const groups = useGroups().data ?? []
  const roles = useRoles().data ?? []

  const rightsInWords = (rights: readonly Right[]) => rights.map((right) => t(`users.right.${right}`)).join(', ')
  const placeOf = ({ on }: Grant): string => {
    if (on === 'all') return t('users.grant.all')
    if ('group' in on) return groups.find(({ id }) => id === on.group)?.name ?? t('users.grant.gone')
    return cameras.find(({ id }) => id === on.camera)?.name ?? t('users.grant.gone')
  }
  const grantInWords = (grant: Grant): string => {
    const role = roles.find(({ id }) => id === grant.roleId)
    return `${placeOf(grant)}: ${role ? role.name : rightsInWords(grant.rights ?? [])}`
  }
  return { grantInWords, rightsInWords }
}
