/** Our RTSP client against VLC's server, which plays a file and sends over UDP only. */
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { type ForeignProgram, freePort, startProgram, whyMissing } from '../support/foreign-program.ts'
import { decodeVideo, type Watched, watchRtsp } from '../support/watch-rtsp.ts'

const isRoot = process.getuid?.() === 0
const missing =
  whyMissing('VLC', 'which', 'cvlc') ??
  whyMissing('FFmpeg', 'ffmpeg', '-version') ??
  // VLC refuses to run as root.
  (isRoot ? whyMissing('setpriv', 'setpriv', '--version') : undefined)

const soon = { timeout: 20_000, interval: 50 }

describe.skipIf(missing)('VLC', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vedette-vlc-'))
  const watched: Watched[] = []
  let vlc: ForeignProgram
  let address = ''

  beforeAll(async () => {
    const clip = join(folder, 'clip.mp4')
    const video = [
      '-f',
      'lavfi',
      '-i',
      'testsrc2=s=320x240:r=25',
      '-c:v',
      'libx264',
      '-preset',
      'ultrafast',
      '-g',
      '25',
      '-bf',
      '0',
    ]
    const audio = ['-f', 'lavfi', '-i', 'sine=r=16000', '-c:a', 'aac']
    const inputs = [...video.slice(0, 4), ...audio.slice(0, 4)]
    execFileSync('ffmpeg', [
      '-nostdin',
      '-v',
      'error',
      ...inputs,
      '-t',
      '60',
      '-pix_fmt',
      'yuv420p',
      ...video.slice(4),
      ...audio.slice(4),
      clip,
    ])
    chmodSync(folder, 0o755)
    chmodSync(clip, 0o644)
    const port = await freePort()
    address = `rtsp://127.0.0.1:${port}/stream`
    const nobody = ['--reuid', 'nobody', '--regid', 'nogroup', '--clear-groups', 'env', `HOME=${folder}`]
    const play = ['cvlc', '--no-media-library', clip, '--sout', `#rtp{sdp=${address}}`]
    const [command = '', ...args] = isRoot ? ['setpriv', ...nobody, ...play] : play
    vlc = startProgram(command, args)
    await vi.waitFor(async () => watched.push(await watchRtsp(address, { transport: 'udp' })), soon)
  })
  afterEach(async () => {
    for (const one of watched.splice(0)) await one.close()
  })
  afterAll(async () => {
    await vlc.close()
    rmSync(folder, { recursive: true, force: true })
  })

  test('over UDP decodes without a complaint', async () => {
    const one = await watchRtsp(address, { transport: 'udp' })
    watched.push(one)
    await vi.waitFor(() => expect(one.video.filter((packet) => packet.isKey).length).toBeGreaterThan(2), soon)
    await vi.waitFor(() => expect(one.audio.length).toBeGreaterThan(10), soon)
    expect(one.video.at(-1)?.format).toMatchObject({ codec: 'h264', width: 320, height: 240 })
    expect(one.audio[0]?.format).toMatchObject({ codec: 'aac', sampleRate: 16_000 })
    const { frames, sent, errors } = await decodeVideo(one.video)
    expect({ errors, frames }).toEqual({ errors: '', frames: sent })
    expect(one.session.facts().rtpLost).toBe(0)
  })

  test('which it does not do over TCP, and we say what to try', async () => {
    await expect(watchRtsp(address)).rejects.toMatchObject({
      code: 'camera_unsupported',
      message: expect.stringContaining('UDP'),
    })
  })

  test('answers a path that is not there as one', async () => {
    await expect(watchRtsp(`${address}-not`)).rejects.toMatchObject({ code: 'camera_path_not_found' })
  })
})
