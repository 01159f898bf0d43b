/** A live picture in a small window above all others, where the browser has such windows. */

export const canFloat = (): boolean => document.pictureInPictureEnabled === true

/** Opens the window for the picture inside `box`, or closes it. Throws what the browser throws. */
export async function toggleFloating(box: HTMLElement): Promise<void> {
  if (document.pictureInPictureElement) {
    await document.exitPictureInPicture()
    return
  }
  const picture = box.querySelector<HTMLVideoElement | HTMLCanvasElement>('video, canvas')
  if (!picture) return
  const video = picture instanceof HTMLVideoElement ? picture : await videoOf(picture)
  await video.requestPictureInPicture()
}

/** Only videos can float: the canvas becomes the source of one. It ends with its window. */
async function videoOf(canvas: HTMLCanvasElement): Promise<HTMLVideoElement> {
  const video = document.createElement('video')
  video.muted = true
  video.srcObject = canvas.captureStream()
  video.addEventListener('leavepictureinpicture', () => {
    video.srcObject = null
  })
  await video.play()
  return video
}
