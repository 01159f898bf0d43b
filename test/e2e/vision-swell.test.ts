/** A camera whose pictures make the decoder keep more than the process may have: 8K, sixteen reference pictures. */
import { join } from 'node:path'
import { motionSettings } from '@vedette/shared/camera.ts'
import { expect, test, vi } from 'vitest'
import { visionLauncher } from '../../server/src/child-launchers.ts'
import { systemClock } from '../../server/src/lib/clock.ts'
import { silentLog } from '../../server/src/lib/log.ts'
import { newId } from '../../server/src/lib/new-id.ts'
import { annexB } from '../../server/src/lib/packet.ts'
import { VisionProcess } from '../../server/src/vision/vision-process.ts'
import { encodeClip, hasFfmpeg } from '../support/encoded-clip.ts'
import { watchedPackets } from '../support/watched-packets.ts'

const [yard, door] = [newId(1), newId(2)]

test.runIf(hasFfmpeg)('R16 is the one that is blamed and given up, though another is decoded beside it', async () => {
  const size = '7680x4320'
  const huge = encodeClip({
    codec: 'h264',
    seconds: 2,
    fps: 12,
    gopFrames: 100,
    size,
    refFrames: 16,
    bitsPerSecond: 2e6,
  })
  const small = await watchedPackets()
  const vision = new VisionProcess({
    program: join(import.meta.dirname, '../../server/src/vision-main.ts'),
    launcher: visionLauncher(silentLog),
    clock: systemClock,
    log: silentLog,
    onObservation: () => {},
    onPreview: () => {},
    onFacts: () => {},
  })
  try {
    vision.start()
    const good = vision.watch(yard, motionSettings.parse({}))
    const bad = vision.watch(door, motionSettings.parse({}))
    for (let end = 1; end <= 3; end++) {
      await vi.waitFor(() => expect(vision.facts.state).toBe('running'), { timeout: 20_000 })
      let at = 0
      const feed = () => {
        const atMs = systemClock.nowMs()
        const [one, other] = [small[at % small.length], huge[at % huge.length]]
        if (one) good.take({ ...one, captureMs: atMs })
        if (other) bad.take({ ...other, captureMs: atMs })
        at += 1
      }
      await vi.waitFor(
        () => {
          feed()
          expect(vision.facts.restarts).toBe(end)
        },
        { timeout: 30_000, interval: 100 },
      )
    }
    expect(vision.facts.givenUp).toEqual([door])
    await vi.waitFor(() => expect(vision.facts.state).toBe('running'), { timeout: 30_000 })
    const jpeg = await vision.decode('h264', small.slice(0, 5).map(annexB), 320, yard)
    expect(jpeg.length).toBeGreaterThan(1000)
  } finally {
    await vision.close()
  }
})
