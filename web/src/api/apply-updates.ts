/** Brings pushed facts into the cached answers: states at once, lists by asking again. */
import type { CameraView } from '@vedette/shared/camera.ts'
import { useEffect } from 'react'
import { keys } from './keys.ts'
import { queryClient } from './queries.ts'
import { followUpdates, onUpdate } from './updates.ts'

const cachedState = (cameraId: string) =>
  queryClient.getQueryData<readonly CameraView[]>(keys.cameras)?.find(({ id }) => id === cameraId)?.status.state

/** Follows the server's facts while the component is mounted; only for signed-in users. */
export function useUpdates(): void {
  useEffect(() => {
    const end = new AbortController()
    // A lost stream may be a lost session: asking who we are tells them apart.
    followUpdates(end.signal, () => void queryClient.invalidateQueries({ queryKey: keys.me }))
    const stop = onUpdate((heard) => {
      if (heard.kind === 'reconnected') void queryClient.invalidateQueries()
      if (heard.kind === 'cameras_changed') void queryClient.invalidateQueries({ queryKey: keys.cameras })
      if (heard.kind === 'camera') {
        // The rail counts cameras by state.
        if (cachedState(heard.cameraId) !== heard.status.state)
          void queryClient.invalidateQueries({ queryKey: keys.systemStatus })
        queryClient.setQueryData<readonly CameraView[]>(keys.cameras, (cameras) =>
          cameras?.map((camera) => (camera.id === heard.cameraId ? { ...camera, status: heard.status } : camera)),
        )
      }
    })
    return () => {
      stop()
      end.abort()
    }
  }, [])
}
