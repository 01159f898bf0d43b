/** Our RTSP client against GStreamer's server: each codec, transport and way to log in; FFmpeg judges what came. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { cameraConnect } from '../../server/src/net/connect.ts'
import { probeRtsp } from '../../server/src/rtsp/probe-rtsp.ts'
import { type ForeignProgram, startProgram, whyMissing } from '../support/foreign-program.ts'
import { decodeAudio, decodeVideo, rtspOptions, type Watched, watchRtsp } from '../support/watch-rtsp.ts'

const python = '/usr/bin/python3' // Debian's: others do not see the gi module.
const script = resolve(import.meta.dirname, '../support/gstreamer-cameras.py')
const gi = "import gi; gi.require_version('GstRtspServer', '1.0'); from gi.repository import GstRtspServer"
const missing =
  whyMissing('GStreamer’s RTSP server for Python', python, '-c', gi) ?? whyMissing('FFmpeg', 'ffmpeg', '-version')

const watched: Watched[] = []
afterEach(async () => {
  for (const one of watched.splice(0)) await one.close()
})
const soon = { timeout: 20_000, interval: 50 }

async function watch(address: string, more: Parameters<typeof watchRtsp>[1] = {}): Promise<Watched> {
  const one = await watchRtsp(address, more)
  watched.push(one)
  return one
}

async function startCameras(...args: string[]) {
  const program = startProgram(python, [script, ...args])
  const { port, paths } = JSON.parse(await program.firstLine) as { port: number; paths: string[] }
  return { program, port, paths }
}

describe.skipIf(missing)('GStreamer without a password', () => {
  let cameras: { program: ForeignProgram; port: number; paths: string[] }
  beforeAll(async () => {
    cameras = await startCameras()
  })
  afterAll(() => cameras.program.close())
  const address = (path: string) => `rtsp://127.0.0.1:${cameras.port}/${path}`
  const isLeftOut = (path: string) => {
    const isThere = cameras.paths.includes(path)
    if (!isThere) process.stderr.write(`SKIPPED: GStreamer has no encoder for ${path}\n`)
    return !isThere
  }

  test.each([
    ['h264', 'tcp', 'h264', /^avc1\.42c0/],
    ['h264', 'udp', 'h264', /^avc1\.42c0/],
    ['h264-stap', 'tcp', 'h264', /^avc1\.42c0/],
    ['h265', 'tcp', 'hevc', /^hvc1\.1\.6\./],
    ['h265', 'udp', 'hevc', /^hvc1\.1\.6\./],
    ['mjpeg', 'tcp', 'mjpeg', /^mjpeg$/],
    ['mjpeg', 'udp', 'mjpeg', /^mjpeg$/],
  ] as const)('%s over %s decodes without a complaint', async (path, transport, codec, codecString) => {
    if (isLeftOut(path)) return
    const { video, session } = await watch(address(path), { transport })
    await vi.waitFor(() => expect(video.length).toBeGreaterThan(30), soon)
    expect(video[0]?.format).toMatchObject({
      codec,
      width: 320,
      height: 240,
      codecString: expect.stringMatching(codecString),
    })
    expect(new Set(video.map((packet) => packet.format)).size).toBe(1)
    const { frames, sent, errors } = await decodeVideo(video)
    expect({ errors, frames }).toEqual({ errors: '', frames: sent })
    const steps = video.slice(1).map((packet, i) => packet.pts - (video[i]?.pts ?? 0))
    expect(Math.min(...steps)).toBeGreaterThan(0)
    const fps = (90_000 * steps.length) / ((video.at(-1)?.pts ?? 0) - (video[0]?.pts ?? 0))
    expect(fps).toBeCloseTo(25, 0)
    expect(session.facts()).toMatchObject({ transport, rtpLost: 0, nextRun: 1 })
  })

  test.each([
    ['aac', 'aac', 16_000],
    ['alaw', 'pcm_alaw', 8000],
    ['mulaw', 'pcm_mulaw', 8000],
  ] as const)('%s audio decodes to as many samples as its time says', async (path, codec, sampleRate) => {
    const { audio, video } = await watch(address(path))
    await vi.waitFor(() => expect(audio.length).toBeGreaterThan(20), soon)
    await vi.waitFor(() => expect(video.some((packet) => packet.isKey)).toBe(true), soon)
    const taken = audio.slice(0, 20)
    expect(taken[0]).toMatchObject({ timescale: sampleRate, format: { codec, sampleRate, channels: 1 } })
    const { samples, errors } = await decodeAudio(taken)
    expect(errors).toBe('')
    const frameTicks = (taken[1]?.pts ?? 0) - (taken[0]?.pts ?? 0)
    expect(samples).toBeGreaterThan(18 * frameTicks)
    expect(samples).toBeLessThan(22 * frameTicks)
  })

  test('opus audio comes in frames of 20 ms', async () => {
    if (isLeftOut('opus')) return
    const { audio } = await watch(address('opus'))
    await vi.waitFor(() => expect(audio.length).toBeGreaterThan(10), soon)
    expect(audio[0]).toMatchObject({ timescale: 48_000, format: { codec: 'opus', sampleRate: 48_000 } })
    expect((audio[5]?.pts ?? 0) - (audio[4]?.pts ?? 0)).toBe(960)
  })

  test('its sender reports tell the camera’s clock', async () => {
    const reports: { ntpMs: number; pts: number }[] = []
    const captureClock = {
      captureMs: () => Date.now(),
      onSenderReport: (_track: string, ntpMs: number, pts: number) => void reports.push({ ntpMs, pts }),
      onNewRun: () => {},
    }
    const { video } = await watch(address('h264'), { captureClock })
    await vi.waitFor(() => expect(reports.length).toBeGreaterThan(0), soon)
    expect(Math.abs((reports[0]?.ntpMs ?? 0) - Date.now())).toBeLessThan(5000)
    expect(Math.abs((reports[0]?.pts ?? 0) - (video.at(-1)?.pts ?? 0))).toBeLessThan(5 * 90_000)
  })

  test('two viewers see the same pictures, and reading in batches loses none', async () => {
    const [one, two] = await Promise.all([watch(address('h264')), watch(address('h264'))])
    two.session.setReadEvery(200)
    await vi.waitFor(() => expect(Math.min(one.video.length, two.video.length)).toBeGreaterThan(45), soon)
    const first = two.video[0]
    const from = one.video.findIndex((packet) => first && packet.data.equals(first.data))
    const shared = one.video.slice(Math.max(0, from), Math.max(0, from) + 40)
    expect(two.video.slice(0, 40).map(({ data }) => data.length)).toEqual(shared.map(({ data }) => data.length))
    expect(two.session.facts().reads).toBeLessThan(one.session.facts().reads)
  })

  test('a path that is not there is told apart from a server that is not there', async () => {
    await expect(watch(address('nothing'))).rejects.toMatchObject({ code: 'camera_path_not_found' })
    await expect(watch('rtsp://127.0.0.1:9/h264')).rejects.toMatchObject({ code: 'camera_unreachable' })
  })

  test('probing gives formats and a key frame that decodes alone', async () => {
    const probe = await probeRtsp(rtspOptions(address('aac')))
    expect(probe).toMatchObject({ video: { codec: 'h264', width: 320 }, audio: { codec: 'aac', sampleRate: 16_000 } })
    expect(await decodeVideo([probe.firstKey])).toEqual({ frames: 1, sent: 1, errors: '' })
  })
})

describe.skipIf(missing).each(['basic', 'digest'])('GStreamer asking for a password (%s)', (auth) => {
  let cameras: { program: ForeignProgram; port: number }
  beforeAll(async () => {
    cameras = await startCameras('--auth', auth)
  })
  afterAll(() => cameras.program.close())

  test.each(['tcp', 'udp'] as const)('lets us in over %s', async (transport) => {
    const { video } = await watch(`rtsp://admin:secret@127.0.0.1:${cameras.port}/h264`, { transport })
    await vi.waitFor(() => expect(video.length).toBeGreaterThan(3), soon)
  })

  test('keeps us out with a wrong password and without one', async () => {
    const unauthorized = { code: 'camera_unauthorized' }
    await expect(watch(`rtsp://admin:wrong@127.0.0.1:${cameras.port}/h264`)).rejects.toMatchObject(unauthorized)
    await expect(watch(`rtsp://127.0.0.1:${cameras.port}/h264`)).rejects.toMatchObject(unauthorized)
  })
})

describe.skipIf(missing)('GStreamer over TLS', () => {
  let cameras: { program: ForeignProgram; port: number }
  const folder = mkdtempSync(join(tmpdir(), 'vedette-rtsps-'))
  beforeAll(async () => {
    const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256']
    execFileSync('openssl', ['req', '-x509', ...curve, '-nodes', '-subj', '/CN=camera', '-keyout', key, '-out', cert], {
      stdio: 'ignore',
    })
    cameras = await startCameras('--tls', cert, key)
  })
  afterAll(async () => {
    await cameras.program.close()
    rmSync(folder, { recursive: true })
  })

  test('streams, tells its key, and is refused once the key is another', async () => {
    const address = `rtsps://127.0.0.1:${cameras.port}/h264`
    const { video, session } = await watch(address)
    session.setReadEvery(100)
    await vi.waitFor(() => expect(video.length).toBeGreaterThan(20), soon)
    const { keySha256 = '' } = session.facts()
    const connectTo = (key: string) => ({ connect: cameraConnect({ purpose: 'camera', allowLoopback: true }, key) })
    const again = await watch(address, connectTo(keySha256))
    await vi.waitFor(() => expect(again.video.length).toBeGreaterThan(3), soon)
    await expect(watch(address, connectTo('0'.repeat(64)))).rejects.toMatchObject({ code: 'camera_key_changed' })
  })

  test('spoken to without TLS, it is not taken for a camera that works', async () => {
    await expect(watch(`rtsp://127.0.0.1:${cameras.port}/h264`)).rejects.toMatchObject({ name: 'AppError' })
  })
})
