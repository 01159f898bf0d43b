/** All cameras: how they are, what they send, and (for administrators) the way to their settings. */
import { Link } from '@tanstack/react-router'
import type { CameraView } from '@vedette/shared/camera.ts'
import { Cctv, Plus } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useCameras, useMe } from '../api/queries.ts'
import { QueryView } from '../shell/query-view.tsx'
import { Button } from '../ui/button.tsx'
import { Page } from '../ui/page.tsx'
import { Empty } from '../ui/states.tsx'
import { Table } from '../ui/table.tsx'
import { useCameraColumns } from './camera-columns.tsx'
import { inOrder } from './order.ts'

export function CamerasPage() {
  const { t } = useTranslation()
  const cameras = useCameras()
  const isAdmin = useMe().data?.role === 'admin'
  const add = (
    <Button look="primary" asChild>
      <Link to="/cameras/new" search={{}}>
        <Plus />
        {t('cameras.add.title')}
      </Link>
    </Button>
  )
  return (
    <Page title={t('cameras.title')} actions={isAdmin && cameras.data?.length ? add : null}>
      <QueryView query={cameras}>
        {(list) =>
          list.length > 0 ? (
            <CameraTable cameras={inOrder(list)} isAdmin={isAdmin} />
          ) : (
            <Empty icon={<Cctv />} title={t('cameras.empty')} action={isAdmin ? add : null}>
              {t(isAdmin ? 'cameras.emptyAdmin' : 'cameras.emptyViewer')}
            </Empty>
          )
        }
      </QueryView>
    </Page>
  )
}

function CameraTable({ cameras, isAdmin }: { cameras: readonly CameraView[]; isAdmin: boolean }) {
  const { t } = useTranslation()
  const columns = useCameraColumns(cameras, isAdmin)
  return <Table label={t('cameras.title')} columns={columns} rows={cameras} rowKey={(camera) => camera.id} />
}
