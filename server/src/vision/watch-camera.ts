/**
 * Watches one camera: packets in, observations and preview pictures out.
 *
 * In:        packets of one stream in arrival order, possibly with losses; each says whether it is late.
 * Not here:  what is decoded (wake-gate.ts), what moves (motion-watch.ts).
 * Drop rule: a late packet and all that follow it up to the next key frame are dropped and counted; so a machine that is
 *            too slow falls back to key frames by itself.
 */
import type { MotionSettings } from '@vedette/shared/camera.ts'
import type { VideoCodec } from '../lib/packet.ts'
import { Decoder } from '../media/decoder.ts'
import type { Picture } from '../media/picture.ts'
import type { Still } from '../media/still.ts'
import { HeldPackets, type WatchedPacket } from './held-packets.ts'
import { MotionWatch, type PictureTools } from './motion-watch.ts'
import type { Observation } from './observation.ts'
import { WakeGate } from './wake-gate.ts'

/** What comes of watching. */
export interface WatchSink {
  readonly onObservation: (observation: Observation) => void
  readonly onPreview: (cameraId: string, atMs: number, jpeg: Uint8Array) => void
}

export interface WatchCounts {
  received: number
  decoded: number
  judged: number
  dropped: number
  refused: number
}

const previewEveryMs = 10_000
const previewWidth = 320
const previewQuality = 70
/** More than ten judgements a second find nothing sooner; of what moves already, five say enough. */
const judgeEveryMs = 85
const judgeMovingEveryMs = 180
/** A capture time this far behind the last one belongs to another life of the camera. */
const stepBackMs = 1_000

export class WatchCamera {
  readonly #cameraId: string
  readonly #tools: PictureTools
  readonly #sink: WatchSink
  readonly #guard: (work: () => void) => void
  readonly #gate: WakeGate | undefined
  readonly #motion: MotionWatch | undefined
  readonly #held = new HeldPackets()
  #codec: VideoCodec | undefined
  #decoder: Decoder | undefined
  #closed = false
  /** Pictures come later than their packets (B frames): a key frame alone shows nothing, so all of it is decoded. */
  #isDelayed = false
  #waitsForKey = true
  #lastMs = Number.NEGATIVE_INFINITY
  #judgedMs = Number.NEGATIVE_INFINITY
  #previewMs = Number.NEGATIVE_INFINITY
  readonly counts: WatchCounts = { received: 0, decoded: 0, judged: 0, dropped: 0, refused: 0 }

  /** Without `motion` only previews are made. `guard` runs native code that a packet left for later. `sleeps: false` decodes every packet (the bench's reference). */
  constructor(
    cameraId: string,
    motion: MotionSettings | null,
    {
      tools,
      sink,
      guard = (work) => work(),
      sleeps = true,
    }: { tools: PictureTools; sink: WatchSink; guard?: (work: () => void) => void; sleeps?: boolean },
  ) {
    this.#cameraId = cameraId
    this.#tools = tools
    this.#sink = sink
    this.#guard = guard
    this.#motion = motion ? new MotionWatch(cameraId, motion, { tools, say: sink.onObservation }) : undefined
    this.#gate = motion && sleeps ? new WakeGate() : undefined
  }

  get asleep(): boolean {
    return this.#gate?.asleep ?? false
  }

  packet(codec: VideoCodec, packet: WatchedPacket, isLate = false): void {
    if (this.#closed) return
    this.counts.received++
    if (codec !== this.#codec) this.#open(codec)
    if (packet.atMs < this.#lastMs - stepBackMs) this.#restart()
    this.#lastMs = packet.atMs
    if (!packet.isKey && (isLate || this.#waitsForKey)) return this.#drop()
    this.#waitsForKey = false
    if (!this.#decoder) {
      if (packet.isKey) this.#held.restart(packet)
      else this.#held.add(packet)
      if (this.#held.isFull) this.#drop()
      return
    }
    if (this.#motion) this.#handle(packet)
    else if (packet.isKey && packet.atMs - this.#previewMs >= previewEveryMs) this.#decode(packet, () => {})
  }

  /** Resolves when all that was seen is said. */
  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#decoder?.close()
    this.#held.clear()
    await this.#motion?.close()
  }

  #handle(packet: WatchedPacket): void {
    const { isKey, atMs, data } = packet
    const gate = this.#isDelayed ? undefined : this.#gate
    switch (gate?.decide({ isKey, bytes: data.length, atMs }) ?? 'decode') {
      case 'hold':
        this.#held.add(packet)
        if (!this.#held.isFull) return
        this.#gate?.stayAwake(atMs)
        return this.#replay()
      case 'peek':
        return this.#peek(packet)
      case 'decode':
        if (isKey) this.#held.restart(packet)
        else if (this.#held.isFull) this.#gate?.stayAwake(atMs)
        else this.#held.add(packet)
        this.#judge(packet)
        this.#held.judged = this.#held.length
        return
      case 'replay':
        this.#held.add(packet)
        return this.#replay()
    }
  }

  /** Looks at a key frame; takes it as quiet, or goes back and decodes what was held. */
  #peek(packet: WatchedPacket): void {
    let isQuiet: boolean | undefined
    this.#decode(packet, (picture) => {
      const verdict = this.#motion?.look(picture)
      isQuiet = this.#gate?.peeked(packet.atMs, verdict?.stirs ?? true) === false
      if (isQuiet) this.#take(picture)
    })
    this.#held.decoderIsHere = false
    // No picture came of it: the rest of its GOP is looked at.
    if (isQuiet === undefined) this.#gate?.stayAwake(packet.atMs)
    if (!isQuiet) {
      this.#replay()
      this.#judge(packet)
    }
    this.#held.restart(packet)
    this.#held.judged = 1
  }

  #replay(): void {
    const packets = this.#held.toReplay()
    if (!this.#held.decoderIsHere) this.#decoder?.reset()
    for (const { packet, isJudged } of packets) {
      if (isJudged) this.#decode(packet, () => {})
      else this.#judge(packet)
    }
    this.#held.judged = this.#held.length
    this.#held.decoderIsHere = true
  }

  #judge(packet: WatchedPacket): void {
    this.#decode(packet, (picture) => {
      if (Math.abs(picture.captureMs - packet.atMs) > 1) this.#isDelayed = true
      const everyMs = this.#motion?.isMoving ? judgeMovingEveryMs : judgeEveryMs
      if (picture.captureMs - this.#judgedMs >= everyMs) this.#take(picture)
    })
  }

  #take(picture: Picture): void {
    if (!this.#motion) return
    this.#judgedMs = picture.captureMs
    this.counts.judged++
    const { verdict, beganMs } = this.#motion.take(picture)
    if (beganMs !== undefined) this.#gate?.began(beganMs)
    this.#gate?.saw(verdict)
  }

  #decode(packet: WatchedPacket, onPicture: (picture: Picture) => void): void {
    const accepted = this.#decoder?.decode(packet.data, packet.atMs, (picture) => {
      this.counts.decoded++
      if (packet.isKey && picture.captureMs - this.#previewMs >= previewEveryMs) this.#makePreview(picture)
      onPicture(picture)
    })
    if (accepted !== false) return
    this.counts.refused++
    this.#waitsForKey = true
  }

  #makePreview(picture: Picture): void {
    this.#previewMs = picture.captureMs
    const still = this.#tools.stills.keep(picture, previewWidth)
    void this.#sayPreview(still)
  }

  /** A preview that cannot be made is left out. */
  async #sayPreview(still: Still): Promise<void> {
    try {
      const jpeg = await this.#tools.jpeg.encode(still, previewQuality)
      if (!this.#closed) this.#sink.onPreview(this.#cameraId, Math.round(still.captureMs), jpeg)
    } catch {
      this.counts.refused++
    } finally {
      still.free()
    }
  }

  #drop(): void {
    this.counts.dropped++
    this.#waitsForKey = true
    this.#held.clear()
  }

  #restart(): void {
    this.#decoder?.reset()
    this.#held.clear()
    this.#waitsForKey = true
    this.#judgedMs = Number.NEGATIVE_INFINITY
    this.#previewMs = Number.NEGATIVE_INFINITY
    this.#motion?.restart()
  }

  #open(codec: VideoCodec): void {
    this.#decoder?.close()
    this.#decoder = undefined
    this.#codec = codec
    this.#isDelayed = false
    this.#restart()
    void this.#useDecoder(codec)
  }

  async #useDecoder(codec: VideoCodec): Promise<void> {
    const decoder = await Decoder.open(codec)
    if (this.#closed || this.#codec !== codec || this.#decoder) return decoder.close()
    this.#decoder = decoder
    if (this.#motion) this.#guard(() => this.#replay())
  }
}
