/** A foreign client (FFmpeg) must be able to read the simulated camera; our own client is tested in server/src/rtsp. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readCounter } from './scene.ts'
import { SimulatedCamera } from './simulated-camera.ts'
import { readStamp } from './stamp.ts'

const run = promisify(execFile)
const hasFfmpeg = await run('ffmpeg', ['-version']).then(
  () => true,
  () => false,
)
if (!hasFfmpeg)
  console.warn('skipped: the simulated camera against FFmpeg, for there is no ffmpeg here (apt install ffmpeg)')

const small = { width: 320, height: 176, gopFrames: 10, seconds: 14 }
const [width, height] = [640, 360]
/** FFmpeg likes to look at a stream for seconds before it begins. */
const hurry = ['-analyzeduration', '300000']

/** Decodes some seconds of a stream to gray pictures. */
async function grayPictures(address: string, transport: string, seconds: number): Promise<Buffer[]> {
  const input = ['-v', 'error', ...hurry, '-rtsp_transport', transport, '-i', address, '-t', String(seconds)]
  const { stdout } = await run(
    'ffmpeg',
    [...input, '-fps_mode', 'passthrough', '-f', 'rawvideo', '-pix_fmt', 'gray', '-'],
    {
      encoding: 'buffer',
      maxBuffer: 2 ** 28,
    },
  )
  const bytes = width * height
  return Array.from({ length: stdout.length / bytes }, (_, i) => stdout.subarray(i * bytes, (i + 1) * bytes))
}

describe.skipIf(!hasFfmpeg)('a simulated camera, read by FFmpeg', () => {
  let camera: SimulatedCamera
  beforeAll(async () => {
    camera = await SimulatedCamera.open({ name: 'yard', main: small, sub: { gopFrames: 5, seconds: 1 }, audio: 'aac' })
  })
  afterAll(() => camera.close())

  test.each(['tcp', 'udp'])('shows every picture in order over %s, through the loop’s seam', async (transport) => {
    const counters = (await grayPictures(camera.address('sub'), transport, 2)).map((p) => readCounter(p, width, height))
    expect(counters.length).toBeGreaterThan(10)
    const [first = 0] = counters
    expect(counters).toEqual(counters.map((_, i) => (first + i) % 10))
  })

  test('stamps every frame with its number and the time', async () => {
    const input = ['-v', 'error', ...hurry, '-rtsp_transport', 'tcp', '-i', camera.address('main'), '-t', '1.5']
    const { stdout } = await run('ffmpeg', [...input, '-c:v', 'copy', '-an', '-f', 'h264', '-'], {
      encoding: 'buffer',
      maxBuffer: 2 ** 26,
    })
    const stamps = splitAtStamps(stdout)
    expect(stamps.length).toBeGreaterThan(25)
    expect(stamps.every((stamp) => stamp.camera === 'yard' && stamp.stream === 'main')).toBe(true)
    const [first] = stamps
    expect(stamps.map((stamp) => stamp.frame)).toEqual(stamps.map((_, i) => (first?.frame ?? 0) + i))
    expect(Math.abs((stamps.at(-1)?.sentUs ?? 0) / 1000 - Date.now())).toBeLessThan(60_000)
  })

  test('offers a tone beside the pictures', async () => {
    const { stdout } = await run('ffprobe', [
      '-v',
      'error',
      ...hurry,
      '-show_entries',
      'stream=codec_name',
      camera.address(),
    ])
    expect(stdout).toMatch(/h264\s[\s\S]*aac/)
  })

  test('asks for the password, in every dialect', async () => {
    for (const auth of [
      { scheme: 'basic' as const },
      { scheme: 'digest' as const },
      { scheme: 'digest' as const, algorithm: 'SHA-256' as const, qop: true },
    ]) {
      await camera.apply({ do: 'auth', username: 'u', password: 'p', ...auth })
      await expect(run('ffprobe', ['-v', 'error', ...hurry, camera.address('sub')])).rejects.toThrow('401')
      if ('qop' in auth) continue // FFmpeg 5 knows no SHA-256.
      await run('ffprobe', ['-v', 'error', ...hurry, camera.address('sub').replace('//', '//u:p@')])
    }
    await camera.apply({ do: 'heal' })
  })

  test.each(['hevc', 'mjpeg'] as const)('plays %s', async (codec) => {
    const other = await SimulatedCamera.open({ sub: { codec, gopFrames: codec === 'hevc' ? 5 : 1, kbitPerS: 1000 } })
    const counters = (await grayPictures(other.address('sub'), 'tcp', 1)).map((p) => readCounter(p, width, height))
    await other.close()
    expect(counters.length).toBeGreaterThan(5)
    const [first = 0] = counters
    expect(counters).toEqual(counters.map((_, i) => (first + i) % 200))
  })
})

function splitAtStamps(bytes: Buffer) {
  const stamps = []
  for (let at = bytes.indexOf('VEDETTE '); at >= 0; at = bytes.indexOf('VEDETTE ', at + 1)) {
    const stamp = readStamp(bytes.subarray(at - 16, at + 200))
    if (stamp) stamps.push(stamp)
  }
  return stamps
}
