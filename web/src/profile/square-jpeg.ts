/** Turns whatever picture the browser can show into a small square JPEG: the middle of it, turned as the camera was held. */

const size = 512
const quality = 0.9

/** Base64. Throws where the file is no picture that this browser can read. */
export async function squareJpeg(file: Blob): Promise<string> {
  const picture = await createImageBitmap(file, { imageOrientation: 'from-image' })
  try {
    const side = Math.min(picture.width, picture.height)
    const canvas = document.createElement('canvas')
    canvas.width = size
    canvas.height = size
    const context = canvas.getContext('2d')
    if (!context || side === 0) throw new Error('this browser does not draw')
    // What is transparent becomes white, not black.
    context.fillStyle = 'white'
    context.fillRect(0, 0, size, size)
    context.imageSmoothingQuality = 'high'
    const [left, top] = [(picture.width - side) / 2, (picture.height - side) / 2]
    context.drawImage(picture, left, top, side, side, 0, 0, size, size)
    return canvas.toDataURL('image/jpeg', quality).replace(/^[^,]*,/, '')
  } finally {
    picture.close()
  }
}
