/** Groups of cameras: rights given on a group follow what is in it. */
import type { GroupView } from '@vedette/shared/group.ts'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useCameras } from '../api/queries.ts'
import { deleteGroup } from '../api/users.ts'
import { ConfirmDialog } from '../shell/confirm-dialog.tsx'
import { QueryView } from '../shell/query-view.tsx'
import { Button } from '../ui/button.tsx'
import { Section } from '../ui/page.tsx'
import { GroupDialog } from './group-dialog.tsx'
import { NamedRows } from './named-rows.tsx'
import { refreshAccounts, useGroups } from './use-accounts.ts'

export function GroupsSection() {
  const { t } = useTranslation()
  const groups = useGroups()
  const cameras = useCameras().data ?? []
  const [changing, setChanging] = useState<GroupView | 'new' | null>(null)
  const [deleting, setDeleting] = useState<GroupView | null>(null)
  const close = () => {
    setChanging(null)
    setDeleting(null)
  }
  const done = () => {
    close()
    void refreshAccounts()
  }
  const namesIn = (group: GroupView) =>
    cameras
      .filter(({ id }) => group.cameras.includes(id))
      .map(({ name }) => name)
      .join(', ') || t('users.groups.empty')
  return (
    <Section
      title={t('users.groups.title')}
      hint={t('users.groups.hint')}
      actions={<Button onClick={() => setChanging('new')}>{t('users.groups.add')}</Button>}
    >
      <QueryView query={groups} rows={1}>
        {(list) => <NamedRows rows={list} sentence={namesIn} onChange={setChanging} onDelete={setDeleting} />}
      </QueryView>
      {changing ? <GroupDialog group={changing === 'new' ? null : changing} onDone={done} onClose={close} /> : null}
      {deleting ? (
        <ConfirmDialog
          title={t('users.deleteNamed', { name: deleting.name })}
          action={t('users.groups.delete')}
          run={() => deleteGroup(deleting.id)}
          onDone={done}
          onClose={close}
        >
          {t('users.groups.deleteText')}
        </ConfirmDialog>
      ) : null}
    </Section>
  )
}
