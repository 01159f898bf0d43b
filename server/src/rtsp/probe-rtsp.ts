/** Tries an address out: everything up to the first key frame, then hangs up. */
import { AppError } from '../lib/app-error.ts'
import type { AudioFormat, Packet, VideoFormat } from '../lib/packet.ts'
import { arrivalClock } from './capture-clock.ts'
import { openRtsp, type RtspOptions } from './open-rtsp.ts'

export interface RtspProbe {
  readonly video: VideoFormat
  readonly audio: AudioFormat | undefined
  readonly firstKey: Packet
  /** Of the camera's public key (rtsps only): what to pin. */
  readonly keySha256: string | undefined
}

const probeMs = 10_000

/** Throws like openRtsp, and camera_stalled when no key frame comes in 10 s from the beginning. */
export async function probeRtsp(
  options: Omit<RtspOptions, 'captureClock' | 'onPacket' | 'firstRun' | 'stallMs' | 'withAudio'>,
): Promise<RtspProbe> {
  const stop = new AbortController()
  const signal = AbortSignal.any([options.signal, stop.signal])
  const found = Promise.withResolvers<{ video: VideoFormat; firstKey: Packet }>()
  const stalled = new AppError(
    'camera_stalled',
    'The camera is connected, but sends no key frame. Lower its key frame (I-frame) interval.',
  )
  options.clock.sleep(probeMs, signal).then(
    () => stop.abort(stalled),
    () => {}, // Found in time, or given up.
  )
  try {
    const session = await openRtsp({
      ...options,
      signal,
      withAudio: true,
      captureClock: arrivalClock(options.clock),
      onPacket: (packet) => {
        if (packet.isKey && packet.format.kind === 'video') found.resolve({ video: packet.format, firstKey: packet })
      },
    })
    const outcome = await Promise.race([found.promise, session.ended])
    const { keySha256, tracks } = session.facts()
    await session.close()
    options.signal.throwIfAborted()
    if (!outcome || !('firstKey' in outcome)) throw outcome ?? stalled
    const audio = tracks.map(({ format }) => format).find((format) => format?.kind === 'audio')
    return { ...outcome, audio, keySha256 }
  } finally {
    stop.abort()
  }
}
