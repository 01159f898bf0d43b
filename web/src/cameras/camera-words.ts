/** How a camera's state and stream are shown: tones and names that need no translation. */
import type { CameraState } from '@vedette/shared/camera.ts'
import type { Tone } from '../ui/badge.tsx'

export const stateTone: Record<CameraState, Tone> = {
  online: 'good',
  connecting: 'event',
  unreachable: 'danger',
  unauthorized: 'danger',
  stalled: 'danger',
  unsupported: 'danger',
  disabled: 'low',
}

const names = new Map([
  ['h264', 'H.264'],
  ['hevc', 'H.265'],
  ['h265', 'H.265'],
  ['mjpeg', 'MJPEG'],
  ['aac', 'AAC'],
  ['pcm_alaw', 'G.711 A'],
  ['pcm_mulaw', 'G.711 µ'],
  ['opus', 'Opus'],
])

/** FFmpeg's name of a codec as people write it. */
export const codecName = (codec: string) => names.get(codec.toLowerCase()) ?? codec
