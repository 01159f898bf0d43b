/** Real clips (not part of the repository): every visit is found where a person sees it begin, and nothing in the empty scene. */
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { motionSettings } from '@vedette/shared/camera.ts'
import { expect, test, vi } from 'vitest'
import { encodeVariant, framesPerS } from '../../../bench/watched-clips.ts'
import { StillMaker } from '../media/still.ts'
import { GrayScaler } from '../media/to-gray.ts'
import { JpegEncoder } from '../media/to-jpeg.ts'
import { grayHeight, grayWidth } from './grid.ts'
import { WatchCamera } from './watch-camera.ts'

const footage = join(import.meta.dirname, '../../../../shared/footage')
/** Before each clip stand two and a half minutes of its empty scene. */
const emptyS = 152

/** Beginnings of motion in seconds of the clip, as the product watches it. */
async function watchClip(clip: 'person' | 'car'): Promise<{ starts: number[]; decodedShare: number } | undefined> {
  const packets = encodeVariant({ clip, rate: 'capped', gopFrames: 20 }, footage)
  if (!packets) return undefined
  const tools = {
    gray: new GrayScaler({ width: grayWidth, height: grayHeight }),
    stills: new StillMaker(),
    jpeg: new JpegEncoder(),
  }
  const starts: number[] = []
  const sink = {
    onPreview: () => {},
    onObservation: ({ state, startMs }: { state: string; startMs: number }) => {
      if (state === 'started') starts.push(startMs / 1000 - emptyS)
    },
  }
  const camera = new WatchCamera(clip, motionSettings.parse({ quietMs: 2000 }), { tools, sink })
  for (const [index, packet] of packets.entries()) {
    camera.packet('h264', { ...packet, atMs: (index * 1000) / framesPerS })
    if (index === 0) await vi.waitFor(() => expect(camera.counts.decoded).toBe(1))
    await setImmediate()
  }
  await camera.close()
  for (const tool of [tools.gray, tools.stills, tools.jpeg]) tool.close()
  return { starts, decodedShare: camera.counts.decoded / camera.counts.received }
}

/** When somebody comes into view, read by eye. */
const visits = {
  person: [6, 22.7, 50.2, 74.5, 92.1, 123.5],
  car: [4.4, 14.2, 25.1],
}

test.for(['person', 'car'] as const)(
  '%s: finds every visit, sleeps while the scene is empty',
  { timeout: 60_000 },
  async (clip, { skip }) => {
    const seen = await watchClip(clip)
    if (!seen) return skip('the clip or ffmpeg is missing')
    expect(seen.starts.filter((startS) => startS < 0)).toEqual([])
    for (const visitS of visits[clip]) {
      const nearest = Math.min(...seen.starts.map((startS) => Math.abs(startS - visitS)))
      expect(nearest).toBeLessThanOrEqual(0.5)
    }
    if (clip === 'car') expect(seen.starts).toHaveLength(3)
    expect(seen.decodedShare).toBeLessThan(clip === 'car' ? 0.3 : 0.6)
  },
)
