/** A volume as the API shows it, put together from its row, its disk and its footage. Pure. */
import type { VolumeView } from '@vedette/shared/storage.ts'
import type { CameraFacts } from './camera-facts-store.ts'
import { daysUntilFull, type Space } from './forecast.ts'
import type { CameraUsage, Volume } from './volume-store.ts'
import { heldReserveShare, type VolumeHealth } from './volumes.ts'

export function viewVolume(
  volume: Volume,
  health: VolumeHealth,
  usage: readonly CameraUsage[],
  facts: ReadonlyMap<string, CameraFacts>,
): VolumeView {
  const cameras = usage
    .filter((camera) => camera.volumeId === volume.id)
    .map((camera) => ({
      cameraId: camera.cameraId,
      name: facts.get(camera.cameraId)?.name ?? camera.cameraId,
      footageBytes: camera.footageBytes,
      bytesPerDay: camera.bytesPerDay,
      oldestMs: camera.oldestMs,
      keepDays: facts.get(camera.cameraId)?.keepDays ?? null,
    }))
  const space = spaceOf(volume, health, usage)
  return {
    id: volume.id,
    name: volume.name,
    path: volume.path,
    state: health.state,
    problem: health.problem,
    totalBytes: health.totalBytes,
    freeBytes: health.freeBytes,
    footageBytes: space.footageBytes,
    quotaBytes: volume.quotaBytes,
    reserveShare: volume.reserveShare,
    bytesPerDay: cameras.reduce((sum, camera) => sum + camera.bytesPerDay, 0),
    daysLeft: health.totalBytes > 0 ? daysUntilFull(space, cameras) : null,
    cameras,
  }
}

export function spaceOf(
  volume: Pick<Volume, 'id' | 'quotaBytes' | 'reserveShare'>,
  health: VolumeHealth,
  usage: readonly CameraUsage[],
): Space {
  return {
    totalBytes: health.totalBytes,
    freeBytes: health.freeBytes,
    footageBytes: usage
      .filter((camera) => camera.volumeId === volume.id)
      .reduce((sum, camera) => sum + camera.footageBytes, 0),
    quotaBytes: volume.quotaBytes,
    reserveShare: heldReserveShare(volume.reserveShare, health.totalBytes),
  }
}
