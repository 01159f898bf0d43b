/** Our RTSP client against rtsp-server-perl, to which FFmpeg publishes: a server that knows UDP only and little else. */
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { type ForeignProgram, freePort, startProgram, whyMissing } from '../support/foreign-program.ts'
import { decodeVideo, type Watched, watchRtsp } from '../support/watch-rtsp.ts'

const missing =
  whyMissing('rtsp-server-perl', 'rtsp-server-perl', '--help') ?? whyMissing('FFmpeg', 'ffmpeg', '-version')
const soon = { timeout: 20_000, interval: 100 }

describe.skipIf(missing)('rtsp-server-perl', () => {
  const running: ForeignProgram[] = []
  const watched: Watched[] = []
  let address = ''

  beforeAll(async () => {
    const [clientPort, sourcePort] = [await freePort(), await freePort()]
    address = `rtsp://127.0.0.1:${clientPort}/yard`
    const listen = ['--client_listen_address', '127.0.0.1', '--source_listen_address', '127.0.0.1']
    const ports = ['--clientport', String(clientPort), '--serverport', String(sourcePort), '--rtp_start_port', '31000']
    running.push(startProgram('rtsp-server-perl', [...listen, ...ports, '--loglevel', '2']))
    await vi.waitFor(() => expect(watchRtsp(address)).rejects.toMatchObject({ code: 'camera_path_not_found' }), soon)
    const picture = ['-re', '-f', 'lavfi', '-i', 'testsrc2=s=320x240:r=25', '-pix_fmt', 'yuv420p']
    const encode = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '25', '-bf', '0', '-b:v', '300k']
    const publish = ['-f', 'rtsp', '-rtsp_transport', 'udp', `rtsp://127.0.0.1:${sourcePort}/yard`]
    running.push(startProgram('ffmpeg', ['-nostdin', '-v', 'error', ...picture, ...encode, ...publish]))
    await vi.waitFor(async () => watched.push(await watchRtsp(address, { transport: 'udp' })), soon)
  })
  afterEach(async () => {
    for (const one of watched.splice(0)) await one.close()
  })
  afterAll(async () => {
    for (const one of running.reverse()) await one.close()
  })

  test('over UDP decodes without a complaint', async () => {
    const one = await watchRtsp(address, { transport: 'udp' })
    watched.push(one)
    await vi.waitFor(() => expect(one.video.filter((packet) => packet.isKey).length).toBeGreaterThan(2), soon)
    expect(one.video.at(-1)?.format).toMatchObject({ codec: 'h264', width: 320, height: 240 })
    const { frames, sent, errors } = await decodeVideo(one.video)
    expect({ errors, frames }).toEqual({ errors: '', frames: sent })
  })

  test('which it does not do over TCP, and we say what to try', async () => {
    await expect(watchRtsp(address)).rejects.toMatchObject({
      code: 'camera_unsupported',
      message: expect.stringContaining('UDP'),
    })
  })
})
