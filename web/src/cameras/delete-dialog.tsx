/** Deleting a camera: what goes, what stays, and how much footage that is. */
import { useMutation, useQuery } from '@tanstack/react-query'
import type { CameraView } from '@vedette/shared/camera.ts'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { deleteCamera } from '../api/cameras.ts'
import { keys } from '../api/keys.ts'
import { queryClient } from '../api/queries.ts'
import { listVolumes } from '../api/volumes.ts'
import { errorSentence } from '../i18n/error-sentence.ts'
import { formatBytes, formatDate } from '../i18n/format.ts'
import { Button } from '../ui/button.tsx'
import { ChoiceList } from '../ui/choice-list.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Note } from '../ui/states.tsx'
import { tell } from '../ui/toast.tsx'
import { footageOf } from './footage-of.ts'

interface Props {
  camera: CameraView
  onClose: () => void
  onDeleted?: () => void
}

export function DeleteDialog({ camera, onClose, onDeleted }: Props) {
  const { t } = useTranslation()
  const [footage, setFootage] = useState<'keep' | 'delete'>('keep')
  const volumes = useQuery({ queryKey: keys.volumes, queryFn: ({ signal }) => listVolumes(signal) })
  const held = footageOf(camera.id, volumes.data ?? [])
  const removal = useMutation({
    mutationFn: () => deleteCamera(camera.id, footage),
    onSuccess: async () => {
      tell(t('cameras.delete.done', { name: camera.name }))
      onClose()
      onDeleted?.()
      await queryClient.invalidateQueries({ queryKey: keys.cameras })
      await queryClient.invalidateQueries({ queryKey: keys.volumes })
    },
  })
  const amount = held.sizeBytes > 0 ? formatBytes(held.sizeBytes) : undefined
  const since = held.oldestMs === null ? undefined : formatDate(held.oldestMs)
  return (
    <Dialog
      title={t('cameras.delete.title', { name: camera.name })}
      closeLabel={t('common.close')}
      onClose={onClose}
      footer={
        <>
          <Button data-autofocus onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button look="danger" busy={removal.isPending} onClick={() => removal.mutate()}>
            {t(footage === 'delete' && amount ? 'cameras.delete.confirmWithFootage' : 'cameras.delete.confirm', {
              amount,
            })}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <p className="text-mid">
          {t('cameras.delete.lost')}{' '}
          {amount && since
            ? t('cameras.delete.held', { amount, since })
            : volumes.isSuccess && t('cameras.delete.heldNothing')}
        </p>
        <ChoiceList
          label={t('cameras.delete.question')}
          value={footage}
          onChoose={setFootage}
          options={[
            { value: 'keep', label: t('cameras.delete.keep'), hint: t('cameras.delete.keepHint') },
            { value: 'delete', label: t('cameras.delete.now'), hint: t('cameras.delete.nowHint') },
          ]}
        />
        {removal.isError ? <Note tone="danger">{errorSentence(removal.error, t)}</Note> : null}
      </div>
    </Dialog>
  )
}
