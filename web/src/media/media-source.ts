/** MediaSource as this browser has it: iPhones only know ManagedMediaSource. */

declare global {
  var ManagedMediaSource: typeof MediaSource | undefined
}

export const mediaSourceClass = (): typeof MediaSource | undefined =>
  globalThis.ManagedMediaSource ?? globalThis.MediaSource

export const canPlay = (mime: string): boolean => mediaSourceClass()?.isTypeSupported(mime) ?? false

/** Gives `video` a new, open MediaSource. */
export async function attachMediaSource(video: HTMLVideoElement): Promise<MediaSource> {
  const Source = mediaSourceClass()
  if (!Source) throw new Error('This browser has no MediaSource')
  const source = new Source()
  const address = URL.createObjectURL(source)
  // ManagedMediaSource opens only where the picture cannot be sent to another screen.
  video.disableRemotePlayback = true
  const opened = new Promise((resolve) => source.addEventListener('sourceopen', resolve, { once: true }))
  video.src = address
  await opened
  URL.revokeObjectURL(address)
  return source
}
