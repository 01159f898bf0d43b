/**
 * A process for one picture from a stranger: a JPEG on standard input, a small one that we made on standard output.
 * Native code; no network, no database, no secrets, nothing in its environment. It may crash or be killed at any time
 * (shrink-picture.ts). Exit code 2: not a picture that can be read.
 */
import { avatarSize, maxAvatarBytes } from '@vedette/shared/avatar.ts'
import { Decoder } from './media/decoder.ts'
import { type Still, StillMaker } from './media/still.ts'
import { JpegEncoder } from './media/to-jpeg.ts'

const quality = 85

async function readInput(): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of process.stdin) {
    size += chunk.length
    if (size > maxAvatarBytes) process.exit(2)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

const decoder = await Decoder.open('mjpeg')
const stills = new StillMaker()
const kept: Still[] = []
decoder.decode(await readInput(), 0, (picture) => {
  const { width, height } = picture
  const scale = Math.min(1, avatarSize / Math.max(width, height))
  if (kept.length === 0) kept.push(stills.keep(picture, Math.max(2, Math.floor(width * scale))))
})
const [still] = kept
// A picture that is a thousand times wider than high is none.
if (!still || still.width > avatarSize || still.height > avatarSize) process.exit(2)
const jpeg = await new JpegEncoder().encode(still, quality)
process.stdout.write(jpeg, () => process.exit(0))
