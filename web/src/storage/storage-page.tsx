/** Where footage lies, how long it will last, and what was deleted by which rule. For administrators. */
import { useQuery } from '@tanstack/react-query'
import { HardDrive } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { keys } from '../api/keys.ts'
import { listVolumes } from '../api/volumes.ts'
import { QueryView } from '../shell/query-view.tsx'
import { Page } from '../ui/page.tsx'
import { Empty } from '../ui/states.tsx'
import { Receipts } from './receipts.tsx'
import { Volume } from './volume.tsx'

export function StoragePage() {
  const { t } = useTranslation()
  const volumes = useQuery({
    queryKey: keys.volumes,
    queryFn: ({ signal }) => listVolumes(signal),
    refetchInterval: 30_000,
  })
  return (
    <Page title={t('storage.title')} narrow>
      <QueryView query={volumes}>
        {(list) =>
          list.length > 0 ? (
            list.map((volume) => <Volume key={volume.id} volume={volume} />)
          ) : (
            <Empty icon={<HardDrive />} title={t('storage.empty')}>
              {t('storage.emptyHint')}
            </Empty>
          )
        }
      </QueryView>
      <Receipts />
    </Page>
  )
}
