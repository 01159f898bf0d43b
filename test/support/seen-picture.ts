/** What a page really shows of a simulated camera: the frame counter drawn into every picture, and how bright it is. */
import type { Page } from 'playwright-core'

/** The number of frames in a simulated camera's loop at 25 pictures a second (test/cameras/scene.ts). */
export const loopFrames = 500

export interface SeenPicture {
  /** Number of the frame in the camera's loop. */
  readonly counter: number
  /** Mean of the picture's green, 0 (black) to 255. */
  readonly brightness: number
  readonly width: number
}

/** Reads the topmost <video> or <canvas> inside `selector`; undefined while it shows nothing. */
export async function seePicture(page: Page, selector: string): Promise<SeenPicture | undefined> {
  const seen = await page.evaluate<SeenPicture | null>(`(${readPicture})(${JSON.stringify(selector)})`)
  return seen ?? undefined
}

/** Runs in the page, so it is told as text: this project's tests know no DOM types. Mirrors readCounter of scene.ts. */
const readPicture = `(selector) => {
  const picture = [...document.querySelectorAll(selector + ' video, ' + selector + ' canvas')].at(-1)
  const width = picture && (picture.videoWidth ?? picture.width)
  const height = picture && (picture.videoHeight ?? picture.height)
  if (!width || !height) return null
  const draw = new OffscreenCanvas(width, height).getContext('2d')
  draw.drawImage(picture, 0, 0)
  const side = Math.max(4, Math.floor(height / 90) * 2)
  const row = draw.getImageData(0, height - Math.floor(1.5 * side), width, 1).data
  let counter = 0
  for (let bit = 0; bit < 16; bit++) {
    const x = side + bit * side + (side >> 1)
    counter = (counter << 1) | (row[x * 4 + 1] > 128 ? 1 : 0)
  }
  for (let shift = 1; shift < 16; shift <<= 1) counter ^= counter >> shift
  const all = draw.getImageData(0, 0, width, height).data
  let sum = 0
  for (let i = 1; i < all.length; i += 404) sum += all[i]
  return { counter, brightness: sum / Math.ceil((all.length - 1) / 404), width }
}`

/** From `before` to `after` in a loop of `length`. */
export const framesBetween = (before: number, after: number, length = loopFrames): number =>
  (((after - before) % length) + length) % length
