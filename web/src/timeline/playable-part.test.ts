import type { PlaybackPart } from '@vedette/shared/playback.ts'
import { expect, test } from 'vitest'
import { hasSound, playablePart } from './playable-part.ts'

const part: PlaybackPart = {
  segmentId: '01JD0000000000000000000SEG',
  startMs: 0,
  endMs: 1000,
  mime: 'video/mp4; codecs="avc1.640028, flac"',
  ...{ width: 640, height: 360, initBytes: 64, sizeBytes: 1000, keys: [] },
}
const silent = 'video/mp4; codecs="avc1.640028"'

test('sound that the browser does not know is left out, so that the picture plays', () => {
  const played = playablePart(part, (mime) => mime === silent)
  expect(played).toEqual({ ...part, mime: silent })
  expect([hasSound(part.mime), hasSound(played.mime)]).toEqual([true, false])
})

test('what it knows stays, and so does what it cannot play at all', () => {
  expect(playablePart(part, () => true)).toBe(part)
  expect(playablePart(part, () => false)).toBe(part)
  expect(playablePart({ ...part, mime: silent }, () => false).mime).toBe(silent)
})
