/** Roles: named sets of rights, to be given on cameras and groups. */
import type { RoleView } from '@vedette/shared/user.ts'
import { useTranslation } from 'react-i18next'
import { deleteRole } from '../api/users.ts'
import { NamedSection } from './named-section.tsx'
import { RoleDialog } from './role-dialog.tsx'
import { useRoles } from './use-accounts.ts'
import { useGrantWords } from './use-grant-words.ts'

export function RolesSection() {
  const { t } = useTranslation()
  const roles = useRoles()
  const { rightsInWords } = useGrantWords()
  const sentence = ({ rights, needsSecondFactor }: RoleView) =>
    needsSecondFactor ? `${rightsInWords(rights)} · ${t('users.needsFactor')}` : rightsInWords(rights)
  return (
    <NamedSection
      words="custom"
      query={roles}
      sentence={sentence}
      dialog={(role, closing) => <RoleDialog role={role} {...closing} />}
      remove={deleteRole}
    />
  )
}
