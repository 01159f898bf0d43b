/** Pictures from strangers: what comes back is small and our own; what is no picture, hangs or swells ends without harm. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { encodeScene } from '../../test/cameras/encode.ts'
import { childEnvironment } from './config.ts'
import { silentLog } from './lib/log.ts'
import { Launcher } from './sandbox/launcher.ts'
import { shrinkPicture } from './shrink-picture.ts'

/** For programs of the tests' own, which the sandbox would not show; with the environment of the real one. */
const unheld = () =>
  new Launcher({
    name: 'picture',
    node: process.execPath,
    nodeFlags: [],
    environment: childEnvironment(1),
    launches: [],
    filter: undefined,
    log: silentLog,
  })

let photo: Buffer
let folder: string
beforeAll(async () => {
  const spec = { width: 1280, height: 720, fps: 5, seconds: 1, variant: 1, gopFrames: 1, kbitPerS: 4000 }
  photo = (await encodeScene({ ...spec, codec: 'mjpeg' }))[0]?.data ?? Buffer.alloc(0)
  folder = await mkdtemp(join(tmpdir(), 'vedette-shrink-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Width and height of a baseline JPEG, from its frame header. */
function sizeOf(jpeg: Buffer): { width: number; height: number } {
  const at = jpeg.indexOf(Buffer.from([0xff, 0xc0]))
  return { height: jpeg.readUInt16BE(at + 5), width: jpeg.readUInt16BE(at + 7) }
}

const unreadable = { code: 'bad_request', field: 'jpeg' }

test('R16 a photo becomes a small JPEG without what else the file held', async () => {
  const secret = Buffer.concat([Buffer.from([0xff, 0xfe, 0, 14]), Buffer.from('where I live')])
  const tagged = Buffer.concat([photo.subarray(0, 2), secret, photo.subarray(2)])
  const small = await shrinkPicture(tagged)
  expect(sizeOf(small)).toEqual({ width: 256, height: 144 })
  expect(small.length).toBeLessThan(40_000)
  expect(small.includes('where I live')).toBe(false)
})

test('R16 what is no JPEG is refused', async () => {
  for (const bytes of [Buffer.from('<svg onload="alert(1)"/>'), Buffer.alloc(200_000, 0xff), photo.subarray(0, 300)])
    await expect(shrinkPicture(bytes)).rejects.toMatchObject(unreadable)
})

test('R16 a child that swells or says too much is killed', async () => {
  const swelling = join(folder, 'swell.mjs')
  await writeFile(swelling, 'const all = []; setInterval(() => all.push(Buffer.alloc(30_000_000, 1)), 5)')
  await expect(shrinkPicture(photo, swelling, unheld())).rejects.toMatchObject(unreadable)
  const talking = join(folder, 'talk.mjs')
  await writeFile(talking, 'setInterval(() => process.stdout.write(Buffer.alloc(100_000)), 1)')
  await expect(shrinkPicture(photo, talking, unheld())).rejects.toMatchObject(unreadable)
})

test('R21 the child knows nothing of ours', async () => {
  const telling = join(folder, 'tell.mjs')
  await writeFile(telling, 'process.stdout.write(JSON.stringify([process.argv.slice(2), Object.keys(process.env)]))')
  process.env.VEDETTE_DATABASE_URL = 'postgres://secret'
  try {
    const [args, names] = JSON.parse(String(await shrinkPicture(photo, telling, unheld())))
    expect(args).toEqual([])
    expect(names.filter((name: string) => name.startsWith('VEDETTE'))).toEqual([])
  } finally {
    delete process.env.VEDETTE_DATABASE_URL
  }
})
