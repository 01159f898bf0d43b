/** Roles: named sets of rights, to be given on cameras and groups. */
import type { RoleView } from '@vedette/shared/user.ts'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { deleteRole } from '../api/users.ts'
import { ConfirmDialog } from '../shell/confirm-dialog.tsx'
import { QueryView } from '../shell/query-view.tsx'
import { Button } from '../ui/button.tsx'
import { Section } from '../ui/page.tsx'
import { NamedRows } from './named-rows.tsx'
import { RoleDialog } from './role-dialog.tsx'
import { refreshAccounts, useRoles } from './use-accounts.ts'
import { useGrantWords } from './use-grant-words.ts'

export function RolesSection() {
  const { t } = useTranslation()
  const roles = useRoles()
  const { rightsInWords } = useGrantWords()
  const [changing, setChanging] = useState<RoleView | 'new' | null>(null)
  const [deleting, setDeleting] = useState<RoleView | null>(null)
  const close = () => {
    setChanging(null)
    setDeleting(null)
  }
  const done = () => {
    close()
    void refreshAccounts()
  }
  const sentence = ({ rights, needsSecondFactor }: RoleView) =>
    needsSecondFactor ? `${rightsInWords(rights)} · ${t('users.needsFactor')}` : rightsInWords(rights)
  return (
    <Section
      title={t('users.custom.title')}
      hint={t('users.custom.hint')}
      actions={<Button onClick={() => setChanging('new')}>{t('users.custom.add')}</Button>}
    >
      <QueryView query={roles} rows={1}>
        {(list) => <NamedRows rows={list} sentence={sentence} onChange={setChanging} onDelete={setDeleting} />}
      </QueryView>
      {changing ? <RoleDialog role={changing === 'new' ? null : changing} onDone={done} onClose={close} /> : null}
      {deleting ? (
        <ConfirmDialog
          title={t('users.deleteNamed', { name: deleting.name })}
          action={t('users.custom.delete')}
          run={() => deleteRole(deleting.id)}
          onDone={done}
          onClose={close}
        >
          {t('users.custom.deleteText')}
        </ConfirmDialog>
      ) : null}
    </Section>
  )
}
