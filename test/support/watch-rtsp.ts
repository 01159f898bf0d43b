/** One stream of a foreign server, received by our client, with everything that came; and FFmpeg's opinion of it. */
import { spawn } from 'node:child_process'
import { systemClock } from '../../server/src/lib/clock.ts'
import { annexB, type Packet } from '../../server/src/lib/packet.ts'
import { cameraConnect } from '../../server/src/net/connect.ts'
import { arrivalClock } from '../../server/src/rtsp/capture-clock.ts'
import { openRtsp, type RtspOptions } from '../../server/src/rtsp/open-rtsp.ts'
import { splitAddress } from '../../server/src/rtsp/rtsp-address.ts'
import type { RtspSession } from '../../server/src/rtsp/rtsp-session.ts'

export interface Watched {
  readonly session: RtspSession
  readonly video: Packet[]
  readonly audio: Packet[]
  close(): Promise<void>
}

/** Options for a server on this machine; credentials may stand in the address. */
export function rtspOptions(address: string, more: Partial<RtspOptions> = {}): RtspOptions {
  const { username = '', password = '', ...split } = splitAddress(address)
  return {
    address: split,
    username,
    password,
    transport: 'tcp',
    withAudio: true,
    connect: cameraConnect({ purpose: 'camera', allowLoopback: true }),
    clock: systemClock,
    captureClock: arrivalClock(systemClock),
    signal: new AbortController().signal,
    onPacket: () => {},
    ...more,
  }
}

export async function watchRtsp(address: string, more: Partial<RtspOptions> = {}): Promise<Watched> {
  const video: Packet[] = []
  const audio: Packet[] = []
  const onPacket = (packet: Packet) => void (packet.format.kind === 'video' ? video : audio).push(packet)
  const session = await openRtsp(rtspOptions(address, { onPacket, ...more }))
  return { session, video, audio, close: () => session.close() }
}

/** Frames that FFmpeg decodes from the first key frame on, and every complaint it has. */
export async function decodeVideo(
  packets: readonly Packet[],
): Promise<{ frames: number; sent: number; errors: string }> {
  const playable = packets.slice(packets.findIndex((packet) => packet.isKey))
  const codec = playable[0]?.format.codec ?? 'h264'
  const bytes = Buffer.concat(playable.map(annexB))
  const result = await runFfmpeg(['-f', codec, '-i', 'pipe:0', '-f', 'framehash', '-'], bytes)
  const frames = result.output.split('\n').filter((line) => line && !line.startsWith('#')).length
  return { frames, sent: playable.length, errors: result.errors }
}

/** The same for audio, of a format that FFmpeg reads from a pipe. */
export async function decodeAudio(packets: readonly Packet[]): Promise<{ samples: number; errors: string }> {
  const format = packets[0]?.format
  if (format?.kind !== 'audio') throw new Error('no audio came')
  const isAac = format.codec === 'aac'
  const bytes = Buffer.concat(packets.map(({ data }) => (isAac ? adts(data, format.config) : data)))
  const input = isAac ? ['-f', 'aac'] : ['-f', format.codec.replace('pcm_', ''), '-ar', '8000', '-ch_layout', 'mono']
  const args = [...input, '-i', 'pipe:0', '-f', 's16le', '-ac', '1', '-']
  const result = await runFfmpeg(args, bytes)
  return { samples: result.outputBytes / 2, errors: result.errors }
}

function adts(frame: Buffer, config: Buffer): Buffer {
  const [first = 0, second = 0] = config
  const rate = ((first & 7) << 1) | (second >> 7)
  const channels = (second >> 3) & 15
  const length = frame.length + 7
  const head = [0xff, 0xf1, (((first >> 3) - 1) << 6) | (rate << 2) | (channels >> 2)]
  return Buffer.concat([
    Buffer.from([...head, ((channels & 3) << 6) | (length >> 11), length >> 3, (length & 7) << 5, 0xfc]),
    frame,
  ])
}

function runFfmpeg(
  args: readonly string[],
  input: Buffer,
): Promise<{ output: string; outputBytes: number; errors: string }> {
  const child = spawn('ffmpeg', ['-nostdin', '-v', 'warning', '-threads', '1', ...args])
  const parts: Buffer[] = []
  let errors = ''
  child.stdout.on('data', (bytes: Buffer) => parts.push(bytes))
  child.stderr.on('data', (bytes: Buffer) => {
    errors += bytes.toString()
  })
  child.stdin.on('error', () => {}) // FFmpeg may have read enough.
  child.stdin.end(input)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', () => {
      const output = Buffer.concat(parts)
      resolve({ output: output.toString('latin1'), outputBytes: output.length, errors })
    })
  })
}
