/** Where a segment lies under its volume's root: names made of ids and times only, both ways. All times UTC. */
import { type StreamName, streamName } from '@vedette/shared/camera.ts'
import { id, timeMs } from '@vedette/shared/id.ts'

export interface SegmentPlace {
  readonly cameraId: string
  readonly stream: StreamName
  /** The number in the file's name: the start, or the next free number where that name was taken. */
  readonly fileMs: number
}

/** `<camera id>/<yyyy-mm-dd>/<HH>/<file ms>-<stream>.mp4`; throws where a part is not what it must be. */
export function segmentPath(place: SegmentPlace): string {
  const camera = id.parse(place.cameraId)
  const stream = streamName.parse(place.stream)
  const fileMs = timeMs.parse(place.fileMs)
  const time = new Date(fileMs).toISOString()
  return `${camera}/${time.slice(0, 10)}/${time.slice(11, 13)}/${fileMs}-${stream}.mp4`
}

/** The place that a relative path names; undefined for every path that `segmentPath` would not write. */
export function parseSegmentPath(path: string): SegmentPlace | undefined {
  const match = /^([0-9A-Z]{26})\/[0-9-]{10}\/[0-9]{2}\/([0-9]{1,13})-(main|sub)\.mp4$/.exec(path)
  const stream = streamName.safeParse(match?.[3])
  if (!match?.[1] || !match[2] || !stream.success) return undefined
  const place = { cameraId: match[1], stream: stream.data, fileMs: Number(match[2]) }
  const valid = id.safeParse(place.cameraId).success && timeMs.safeParse(place.fileMs).success
  return valid && segmentPath(place) === path ? place : undefined
}
