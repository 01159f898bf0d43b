/** What really is in recorded files: the simulated cameras number every frame (test/cameras/stamp.ts), so losses are counted, not guessed. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface StreamFootage {
  readonly frames: number
  /** Numbers missing between the first and the last frame. */
  readonly missing: number
  readonly twice: number
  readonly first: number
  readonly last: number
  /** When the camera sent the first and the last frame, UTC ms. */
  readonly firstSentMs: number
  readonly lastSentMs: number
  /** Times between neighbouring frames as sent that are longer than 150 ms: one for each hole. */
  readonly gapsMs: readonly number[]
  /** Frames missing in each hole; a camera that only sent late has none. */
  readonly holes: readonly number[]
}

const stamp = /VEDETTE (\S+) (main|sub) (\d{10}) (\d{16})/g

/** Frames by `<camera> <stream>` in all video files under `folder`. */
export function readFootage(folder: string): Map<string, StreamFootage> {
  return new Map([...readFrames(folder)].map(([key, list]) => [key, summarise(list)]))
}

/** When each frame on disk was sent, UTC ms, by `<camera> <stream>`. */
export function readSentMs(folder: string): Map<string, number[]> {
  return new Map([...readFrames(folder)].map(([key, list]) => [key, list.map(([, sentMs]) => sentMs)]))
}

function readFrames(folder: string): Map<string, [number, number][]> {
  const frames = new Map<string, [number, number][]>()
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!/\.(mp4|mkv)$/.test(file)) continue
    const text = readFileSync(join(folder, file), 'latin1')
    for (const [, camera, stream, number, sentUs] of text.matchAll(stamp)) {
      const key = `${camera} ${stream}`
      const list = frames.get(key) ?? []
      list.push([Number(number), Number(sentUs) / 1000])
      frames.set(key, list)
    }
  }
  return frames
}

function summarise(list: [number, number][]): StreamFootage {
  const sorted = list.toSorted((a, b) => a[0] - b[0])
  const unique = sorted.filter(([number], index) => number !== sorted[index - 1]?.[0])
  const [first = [0, 0]] = unique
  const last = unique.at(-1) ?? first
  const gapsMs = unique
    .map(([, sentMs], index) => Math.round(sentMs - (unique[index - 1]?.[1] ?? sentMs)))
    .filter((gapMs) => gapMs > 150)
  return {
    frames: unique.length,
    missing: last[0] - first[0] + 1 - unique.length,
    twice: sorted.length - unique.length,
    first: first[0],
    last: last[0],
    firstSentMs: first[1],
    lastSentMs: last[1],
    gapsMs,
    holes: unique
      .map(([number], index) => number - (unique[index - 1]?.[0] ?? number - 1) - 1)
      .filter((frames) => frames > 0),
  }
}
