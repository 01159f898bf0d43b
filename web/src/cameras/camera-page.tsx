/** One camera: its picture and facts at the left, its settings at the right. For administrators. */
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import type { CameraSettings, CameraView } from '@vedette/shared/camera.ts'
import { ArrowLeft, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useCameras } from '../api/queries.ts'
import { QueryView } from '../shell/query-view.tsx'
import { Button, IconButton } from '../ui/button.tsx'
import { Page } from '../ui/page.tsx'
import { Empty } from '../ui/states.tsx'
import { Switch } from '../ui/switch.tsx'
import { CameraEditor } from './camera-editor.tsx'
import { DeleteDialog } from './delete-dialog.tsx'
import { useSetEnabled } from './use-change-camera.ts'

export function CameraPage() {
  const { t } = useTranslation()
  const { cameraId } = useParams({ from: '/signed-in/cameras/$cameraId' })
  const cameras = useCameras()
  return (
    <QueryView query={cameras}>
      {(list) => {
        const camera = list.find((one) => one.id === cameraId)
        if (camera?.settings) return <OneCamera key={camera.id} camera={camera} settings={camera.settings} />
        return (
          <Empty
            title={t(camera ? 'cameras.noSettings' : 'cameras.notFound')}
            action={
              <Button asChild>
                <Link to="/cameras">{t('cameras.toList')}</Link>
              </Button>
            }
          />
        )
      }}
    </QueryView>
  )
}

function OneCamera({ camera, settings }: { camera: CameraView; settings: CameraSettings }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const setEnabled = useSetEnabled()
  const [deleting, setDeleting] = useState(false)
  const toList = () => void navigate({ to: '/cameras' })
  return (
    <Page
      title={camera.name}
      before={
        <IconButton label={t('cameras.toList')} onClick={toList}>
          <ArrowLeft />
        </IconButton>
      }
      actions={
        <>
          <Switch
            label={t(camera.enabled ? 'cameras.isOn' : 'cameras.isOff')}
            checked={camera.enabled}
            onChange={(enabled) => setEnabled(camera, enabled)}
          />
          <IconButton label={t('cameras.delete.open')} onClick={() => setDeleting(true)}>
            <Trash2 />
          </IconButton>
        </>
      }
    >
      <CameraEditor camera={camera} settings={settings} />
      {deleting ? <DeleteDialog camera={camera} onClose={() => setDeleting(false)} onDeleted={toList} /> : null}
    </Page>
  )
}
