/** A camera group: its name and what is in it. */
import { useMutation } from '@tanstack/react-query'
import type { GroupView } from '@vedette/shared/group.ts'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useCameras } from '../api/queries.ts'
import { addGroup, changeGroup } from '../api/users.ts'
import { CameraPicker } from './camera-picker.tsx'
import { NamedDialog } from './named-dialog.tsx'

interface Props {
  /** Null: a new one. */
  group: GroupView | null
  onDone: () => void
  onClose: () => void
}

export function GroupDialog({ group, onDone, onClose }: Props) {
  const { t } = useTranslation()
  const all = useCameras().data ?? []
  const [name, setName] = useState(group?.name ?? '')
  const [cameras, setCameras] = useState<readonly string[]>(group?.cameras ?? [])
  const body = { name, cameras: [...cameras] }
  const saving = useMutation({
    mutationFn: () => (group ? changeGroup(group.id, body) : addGroup(body)),
    onSuccess: onDone,
  })
  return (
    <NamedDialog
      title={group ? t('users.changeNamed', { name: group.name }) : t('users.groups.add')}
      name={name}
      onName={setName}
      saving={saving}
      onClose={onClose}
    >
      <CameraPicker
        label={t('users.groups.cameras')}
        cameras={all}
        value={cameras}
        onChange={(chosen) => setCameras(chosen ?? [])}
      />
    </NamedDialog>
  )
}
