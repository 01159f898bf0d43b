/** What one camera holds on all volumes together. */
import type { VolumeView } from '@vedette/shared/storage.ts'

export function footageOf(cameraId: string, volumes: readonly VolumeView[]) {
  const shares = volumes.flatMap((volume) => volume.cameras.filter((share) => share.cameraId === cameraId))
  const times = shares.flatMap(({ oldestMs }) => (oldestMs === null ? [] : [oldestMs]))
  return {
    sizeBytes: shares.reduce((sum, share) => sum + share.footageBytes, 0),
    oldestMs: times.length > 0 ? Math.min(...times) : null,
  }
}
