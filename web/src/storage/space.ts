/** How a volume's bytes divide. Pure. */
import type { VolumeView } from '@vedette/shared/storage.ts'

type Measured = Pick<VolumeView, 'totalBytes' | 'freeBytes' | 'footageBytes' | 'quotaBytes' | 'reserveShare'>

export interface Space {
  readonly footageBytes: number
  /** Other people's files on the same disk. */
  readonly otherBytes: number
  readonly freeBytes: number
  /** Part of what is free that footage never takes. */
  readonly reserveBytes: number
  /** Most that footage may take: the quota, or what disk and reserve leave it. */
  readonly limitBytes: number
}

export function divideSpace(volume: Measured): Space {
  const { totalBytes, freeBytes, quotaBytes, reserveShare } = volume
  const footageBytes = Math.min(volume.footageBytes, totalBytes)
  const reserveBytes = totalBytes * reserveShare
  const room = Math.max(0, footageBytes + freeBytes - reserveBytes)
  return {
    footageBytes,
    otherBytes: Math.max(0, totalBytes - freeBytes - footageBytes),
    freeBytes,
    reserveBytes: Math.min(reserveBytes, freeBytes),
    limitBytes: quotaBytes === null ? room : Math.min(quotaBytes, room),
  }
}

/** Footage that such rules would delete as soon as they are saved. */
export function deletedAtOnce(volume: Measured, rules: Pick<Measured, 'quotaBytes' | 'reserveShare'>): number {
  return Math.max(0, volume.footageBytes - divideSpace({ ...volume, ...rules }).limitBytes)
}
