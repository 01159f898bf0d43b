/** One element over the whole screen, and back. Throws what the browser throws (iPhones have it for videos only). */
export async function toggleFullscreen(element: Element): Promise<void> {
  if (document.fullscreenElement) await document.exitFullscreen()
  else await element.requestFullscreen()
}
