/** A role: its name and its rights. */
import { useMutation } from '@tanstack/react-query'
import type { Right, RoleView } from '@vedette/shared/user.ts'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { addRole, changeRole } from '../api/users.ts'
import { Checkbox } from '../ui/checkbox.tsx'
import { NamedDialog } from './named-dialog.tsx'
import { RightsPicker } from './rights-picker.tsx'

interface Props {
  /** Null: a new one. */
  role: RoleView | null
  onDone: () => void
  onClose: () => void
}

export function RoleDialog({ role, onDone, onClose }: Props) {
  const { t } = useTranslation()
  const [name, setName] = useState(role?.name ?? '')
  const [rights, setRights] = useState<readonly Right[]>(role?.rights ?? ['view'])
  const [needsSecondFactor, setNeedsFactor] = useState(role?.needsSecondFactor ?? false)
  const body = { name, rights: [...rights], needsSecondFactor }
  const saving = useMutation({
    mutationFn: () => (role ? changeRole(role.id, body) : addRole(body)),
    onSuccess: onDone,
  })
  return (
    <NamedDialog
      title={role ? t('users.changeNamed', { name: role.name }) : t('users.custom.add')}
      name={name}
      onName={setName}
      saving={saving}
      disabled={rights.length === 0}
      onClose={onClose}
    >
      <RightsPicker label={t('users.grant.rights')} value={rights} onChange={setRights} />
      <Checkbox
        label={t('users.needsFactor')}
        hint={t('users.custom.factorHint')}
        checked={needsSecondFactor}
        onChange={setNeedsFactor}
      />
    </NamedDialog>
  )
}
