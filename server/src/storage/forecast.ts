/**
 * How long footage will last. Pure: bytes a day in, days out.
 * Retention takes the oldest footage of a volume first, across its cameras (record/retention.ts), so when space is what
 * ends it, all cameras reach back equally far, but for those whose own rule of days ends theirs earlier.
 */

export interface CameraLoad {
  readonly cameraId: string
  readonly bytesPerDay: number
  /** Null: until space runs out. */
  readonly keepDays: number | null
}

export interface Space {
  readonly totalBytes: number
  readonly freeBytes: number
  readonly footageBytes: number
  readonly quotaBytes: number | null
  readonly reserveShare: number
}

/** What footage may take: the quota, or what other files and the reserve leave. */
export function capacityBytes(space: Space): number {
  const room = space.footageBytes + space.freeBytes - space.reserveShare * space.totalBytes
  return Math.max(0, Math.min(room, space.quotaBytes ?? room))
}

/** Age of each camera's oldest footage once the volume is full; null for a camera that records nothing now. */
export function forecastDays(capacity: number, cameras: readonly CameraLoad[]): Map<string, number | null> {
  const reach = reachDays(capacity, cameras)
  return new Map(
    cameras.map(({ cameraId, bytesPerDay, keepDays }) => [
      cameraId,
      bytesPerDay > 0 ? Math.min(reach, keepDays ?? reach) : null,
    ]),
  )
}

/** Until space has to be made for the first time; null where the rules of days never let it come to that. */
export function daysUntilFull(space: Space, cameras: readonly CameraLoad[]): number | null {
  const perDay = cameras.reduce((sum, camera) => sum + camera.bytesPerDay, 0)
  const capacity = capacityBytes(space)
  if (perDay <= 0 || reachDays(capacity, cameras) === Number.POSITIVE_INFINITY) return null
  return Math.max(0, capacity - space.footageBytes) / perDay
}

/** Days D for which the sum of bytesPerDay × min(D, keepDays) fills the capacity; infinite where it never does. */
function reachDays(capacity: number, cameras: readonly CameraLoad[]): number {
  const limits = cameras.map((camera) => camera.keepDays ?? Number.POSITIVE_INFINITY)
  let left = capacity
  let reached = 0
  for (const limit of [...new Set(limits)].sort((a, b) => a - b)) {
    const growing = cameras.filter((camera) => (camera.keepDays ?? Number.POSITIVE_INFINITY) >= limit)
    const perDay = growing.reduce((sum, camera) => sum + camera.bytesPerDay, 0)
    if (perDay > 0 && left < perDay * (limit - reached)) return reached + left / perDay
    if (limit === Number.POSITIVE_INFINITY) break
    left -= perDay * (limit - reached)
    reached = limit
  }
  return Number.POSITIVE_INFINITY
}
