/** What can be done with a camera in the list. */
import { useNavigate } from '@tanstack/react-router'
import type { CameraView } from '@vedette/shared/camera.ts'
import { ArrowDown, ArrowUp, EllipsisVertical, Power, Settings2, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { IconButton } from '../ui/button.tsx'
import { Menu, MenuItem, MenuLine } from '../ui/menu.tsx'
import { DeleteDialog } from './delete-dialog.tsx'
import { useMoveCamera, useSetEnabled } from './use-change-camera.ts'

export function CameraMenu({ camera, cameras }: { camera: CameraView; cameras: readonly CameraView[] }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const setEnabled = useSetEnabled()
  const move = useMoveCamera()
  const index = cameras.indexOf(camera)
  const [deleting, setDeleting] = useState(false)
  return (
    <>
      <Menu
        trigger={
          <IconButton label={t('cameras.actionsOf', { name: camera.name })}>
            <EllipsisVertical />
          </IconButton>
        }
      >
        <MenuItem onSelect={() => void navigate({ to: '/cameras/$cameraId', params: { cameraId: camera.id } })}>
          <Settings2 />
          {t('cameras.settings')}
        </MenuItem>
        <MenuItem onSelect={() => setEnabled(camera, !camera.enabled)}>
          <Power />
          {t(camera.enabled ? 'cameras.switchOff' : 'cameras.switchOn')}
        </MenuItem>
        <MenuLine />
        <MenuItem disabled={index === 0} onSelect={() => move(camera.id, index - 1)}>
          <ArrowUp />
          {t('cameras.moveUp')}
        </MenuItem>
        <MenuItem disabled={index === cameras.length - 1} onSelect={() => move(camera.id, index + 1)}>
          <ArrowDown />
          {t('cameras.moveDown')}
        </MenuItem>
        <MenuLine />
        <MenuItem danger onSelect={() => setDeleting(true)}>
          <Trash2 />
          {t('cameras.delete.open')}
        </MenuItem>
      </Menu>
      {deleting ? <DeleteDialog camera={camera} onClose={() => setDeleting(false)} /> : null}
    </>
  )
}
