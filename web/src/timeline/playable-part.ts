/**
 * Footage as this browser can play it: sound of a kind that it does not know (Opus or FLAC in MP4, in some) is left out, for the
 * picture is worth more. Pure.
 */
import type { PlaybackPart } from '@vedette/shared/playback.ts'

/** Codecs stand in a list, the picture's first. */
export const hasSound = (mime: string): boolean => mime.includes(', ')

export function playablePart(part: PlaybackPart, canPlay: (mime: string) => boolean): PlaybackPart {
  if (!hasSound(part.mime) || canPlay(part.mime)) return part
  const mime = part.mime.replace(/, [^"]*/, '')
  return canPlay(mime) ? { ...part, mime } : part
}
