/** Changing cameras, with the cached list kept right at once and put back when the server refuses. */
import { useMutation } from '@tanstack/react-query'
import type { CameraChange, CameraView } from '@vedette/shared/camera.ts'
import { useTranslation } from 'react-i18next'
import { changeCamera } from '../api/cameras.ts'
import { keys } from '../api/keys.ts'
import { queryClient } from '../api/queries.ts'
import { errorSentence } from '../i18n/error-sentence.ts'
import { tell } from '../ui/toast.tsx'
import { movedOrders } from './order.ts'

export const cachedCameras = () => queryClient.getQueryData<readonly CameraView[]>(keys.cameras) ?? []

/** Puts one camera's new view into the cached list. */
export function cacheCamera(camera: CameraView): void {
  queryClient.setQueryData<readonly CameraView[]>(keys.cameras, (cameras) =>
    cameras?.map((one) => (one.id === camera.id ? camera : one)),
  )
}

/** Switches a camera on or off, with a way back. */
export function useSetEnabled(): (camera: CameraView, enabled: boolean) => void {
  const { t } = useTranslation()
  const { mutate } = useMutation({
    mutationFn: ({ camera, enabled }: { camera: CameraView; enabled: boolean }) => changeCamera(camera.id, { enabled }),
    onMutate: ({ camera, enabled }) => cacheCamera({ ...camera, enabled }),
    onSuccess: cacheCamera,
    onError: (error) => {
      tell(errorSentence(error, t), { danger: true })
      void queryClient.invalidateQueries({ queryKey: keys.cameras })
    },
  })
  return (camera, enabled) => {
    mutate({ camera, enabled })
    tell(t(enabled ? 'cameras.switchedOn' : 'cameras.switchedOff', { name: camera.name }), {
      action: { label: t('common.undo'), run: () => mutate({ camera, enabled: !enabled }) },
    })
  }
}

/** Moves a camera to a place in every list. */
export function useMoveCamera(): (id: string, toIndex: number) => void {
  const { t } = useTranslation()
  const { mutate } = useMutation({
    mutationFn: (changes: readonly { id: string; change: CameraChange }[]) =>
      Promise.all(changes.map(({ id, change }) => changeCamera(id, change))),
    onMutate: (changes) => {
      const orders = new Map(changes.map(({ id, change }) => [id, change.order]))
      queryClient.setQueryData<readonly CameraView[]>(keys.cameras, (cameras) =>
        cameras?.map((camera) => ({ ...camera, order: orders.get(camera.id) ?? camera.order })),
      )
    },
    onError: (error) => tell(errorSentence(error, t), { danger: true }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: keys.cameras }),
  })
  return (id, toIndex) => {
    const changes = movedOrders(cachedCameras(), id, toIndex)
    if (changes.length > 0) mutate(changes)
  }
}
