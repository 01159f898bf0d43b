/** Groups of cameras: rights given on a group follow what is in it. */
import type { GroupView } from '@vedette/shared/group.ts'
import { useTranslation } from 'react-i18next'
import { useCameras } from '../api/queries.ts'
import { deleteGroup } from '../api/users.ts'
import { GroupDialog } from './group-dialog.tsx'
import { NamedSection } from './named-section.tsx'
import { useGroups } from './use-accounts.ts'

export function GroupsSection() {
  const { t } = useTranslation()
  const groups = useGroups()
  const cameras = useCameras().data ?? []
  const namesIn = (group: GroupView) =>
    cameras
      .filter(({ id }) => group.cameras.includes(id))
      .map(({ name }) => name)
      .join(', ') || t('users.groups.empty')
  return (
    <NamedSection
      words="groups"
      query={groups}
      sentence={namesIn}
      dialog={(group, closing) => <GroupDialog group={group} {...closing} />}
      remove={deleteGroup}
    />
  )
}
