/** One track on its way to one receiver: sequence numbers, time stamps, sender reports (RFC 3550), and packets lost on purpose. */
import { randomInt } from 'node:crypto'
import { frameBytes, type PacketRun, rtpHeaderBytes } from './rtp-packets.ts'

/** Takes packets framed as in rtp-packets.ts. */
export type SendPackets = (bytes: Buffer, starts: readonly number[]) => void

const ntpUnixS = 2_208_988_800

export interface SenderOptions {
  readonly payloadType: number
  readonly clockRate: number
  /** RTP time of the camera's start. */
  readonly baseTicks: number
  readonly rtpChannel: number
  readonly send: SendPackets
  readonly sendReport: SendPackets
}

export class RtpSender {
  readonly #o: SenderOptions
  readonly #ssrc = randomInt(2 ** 32)
  #sequence = randomInt(2 ** 16)
  #packets = 0
  #octets = 0
  #jumpTicks = 0
  sentFrame = false

  constructor(options: SenderOptions) {
    this.#o = options
  }

  /** The next packet's sequence number and this moment's RTP time, for the RTP-Info header. */
  info(elapsedMs: number) {
    return { sequence: this.#sequence, rtpTime: this.#ticks((elapsedMs * this.#o.clockRate) / 1000) }
  }

  jump(ms: number): void {
    this.#jumpTicks += (ms * this.#o.clockRate) / 1000
  }

  #ticks(ticks: number): number {
    return Math.round(this.#o.baseTicks + this.#jumpTicks + ticks) >>> 0
  }

  /** Sends a unit that was due `elapsedMs` after the camera's start; `loss` 0..1 of its packets only count. */
  sendUnit(runs: readonly PacketRun[], elapsedMs: number, loss: number): void {
    const bytes = Buffer.allocUnsafe(runs.reduce((sum, run) => sum + run.bytes.length, 0))
    const starts: number[] = []
    const ticks = this.#ticks((elapsedMs * this.#o.clockRate) / 1000)
    let base = 0
    for (const run of runs) {
      run.bytes.copy(bytes, base)
      for (const start of run.starts) starts.push(base + start)
      base += run.bytes.length
    }
    const last = starts.at(-1)
    for (const start of starts) {
      const rtp = start + frameBytes
      bytes[start + 1] = this.#o.rtpChannel
      bytes[rtp + 1] = this.#o.payloadType | (start === last ? 0x80 : 0)
      bytes.writeUInt16BE(this.#sequence, rtp + 2)
      bytes.writeUInt32BE(ticks, rtp + 4)
      bytes.writeUInt32BE(this.#ssrc, rtp + 8)
      this.#sequence = (this.#sequence + 1) & 0xffff
    }
    this.#packets += starts.length
    this.#octets += bytes.length - starts.length * (frameBytes + rtpHeaderBytes)
    this.sentFrame = true
    if (loss === 0) {
      this.#o.send(bytes, starts)
      return
    }
    starts.forEach((start, i) => {
      if (Math.random() >= loss) this.#o.send(bytes.subarray(start, starts[i + 1]), [0])
    })
  }

  /** RFC 3550 §6.4.1: this wall clock belongs to that RTP time. */
  sendReport(elapsedMs: number, wallMs: number): void {
    const bytes = Buffer.alloc(frameBytes + 28 + 16)
    bytes[0] = 0x24
    bytes[1] = this.#o.rtpChannel + 1
    bytes.writeUInt16BE(bytes.length - frameBytes, 2)
    bytes.writeUInt16BE(0x80c8, 4)
    bytes.writeUInt16BE(6, 6)
    bytes.writeUInt32BE(this.#ssrc, 8)
    const seconds = wallMs / 1000 + ntpUnixS
    bytes.writeUInt32BE(Math.floor(seconds) >>> 0, 12)
    bytes.writeUInt32BE(Math.floor((seconds % 1) * 2 ** 32), 16)
    bytes.writeUInt32BE(this.#ticks((elapsedMs * this.#o.clockRate) / 1000), 20)
    bytes.writeUInt32BE(this.#packets >>> 0, 24)
    bytes.writeUInt32BE(this.#octets >>> 0, 28)
    // A compound packet needs a source description: CNAME "sim".
    bytes.writeUInt16BE(0x81ca, 32)
    bytes.writeUInt16BE(3, 34)
    bytes.writeUInt32BE(this.#ssrc, 36)
    bytes[40] = 1
    bytes[41] = 3
    bytes.write('sim', 42, 'ascii')
    this.#o.sendReport(bytes, [0])
  }
}
