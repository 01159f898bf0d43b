/** A simulated camera's streams: what they show, and the faults that are theirs. Not here: connections (simulated-camera.ts). */
import { openAudioClip } from './audio-clip.ts'
import { openClip } from './clip.ts'
import type { VideoSpec } from './encode.ts'
import type { Fault } from './fault.ts'
import { emptyRun, nalPayloads, runOf } from './rtp-packets.ts'
import { SimulatedStream } from './simulated-stream.ts'
import { audioTrack, type Track, videoTrack } from './tracks.ts'

export type StreamName = 'main' | 'sub'

export interface StreamOptions {
  /** In every stamp; no spaces. */
  readonly name?: string
  readonly main?: Partial<VideoSpec>
  /** null: the camera has no sub stream. */
  readonly sub?: Partial<VideoSpec> | null
  /** A tone beside the main stream. */
  readonly audio?: 'aac' | 'pcm_alaw' | 'opus'
  /** Where in the loop it starts: cameras of one wall should not all see the visitor at once. */
  readonly phaseS?: number
  readonly parameterSets?: 'sdp' | 'band' | 'both'
  readonly packetBytes?: number
}

const mainSpec: VideoSpec = {
  codec: 'h264',
  width: 1280,
  height: 720,
  fps: 25,
  seconds: 20,
  variant: 0,
  gopFrames: 50,
  kbitPerS: 2000,
}
const subSpec: VideoSpec = { ...mainSpec, width: 640, height: 360, fps: 10, gopFrames: 20, kbitPerS: 400 }

export class CameraStreams {
  readonly #o: StreamOptions
  readonly #startedMs = performance.now()
  readonly #streams = new Map<string, SimulatedStream>()
  readonly #specs = new Map<string, VideoSpec>()

  private constructor(options: StreamOptions) {
    this.#o = options
  }

  static async open(options: StreamOptions): Promise<CameraStreams> {
    const streams = new CameraStreams(options)
    await streams.#open('main', { ...mainSpec, ...options.main })
    const variant = options.main?.variant ?? 0
    if (options.sub !== null) await streams.#open('sub', { ...subSpec, variant, ...options.sub })
    return streams
  }

  get byName(): ReadonlyMap<string, SimulatedStream> {
    return this.#streams
  }
  spec(name: string): VideoSpec {
    const spec = this.#specs.get(name)
    if (!spec) throw new Error(`this camera has no ${name} stream`)
    return spec
  }
  /** The named one, or all. */
  chosen(name: StreamName | undefined): SimulatedStream[] {
    return name ? [this.#stream(name)] : [...this.#streams.values()]
  }
  /** How many receive now, and what was sent since the start. */
  counts() {
    const streams = this.chosen(undefined)
    return {
      receivers: streams.reduce((sum, stream) => sum + stream.receivers, 0),
      framesSent: streams.reduce((sum, stream) => sum + stream.framesSent, 0),
    }
  }

  /** Shows something else from the next picture on; true when the codec is another one. */
  async switch(name: StreamName, change: Extract<Fault, { do: 'switch' }>): Promise<boolean> {
    const stream = this.#stream(name)
    const old = this.spec(name)
    const { codec = old.codec, width = old.width, height = old.height, fps = old.fps } = change
    const spec: VideoSpec = { ...old, codec, width, height, fps }
    const clip = await openClip(spec)
    this.#specs.set(name, spec)
    stream.replaceVideo(fps, (firstUnit) => videoTrack(clip, this.#trackOptions(name, firstUnit)))
    return codec !== old.codec
  }

  /** Adds filler to each picture up to a bit rate. */
  inflate(name: string, mbitPerS: number): void {
    const { codec, fps, kbitPerS } = this.spec(name)
    if (codec === 'mjpeg') throw new Error('no filler in JPEG')
    const bytes = Math.round(((mbitPerS * 1000 - kbitPerS) * 125) / fps)
    const head = codec === 'h264' ? [12] : [38 << 1, 1]
    const unit = Buffer.concat([Buffer.from(head), Buffer.alloc(Math.max(0, bytes), 0xff), Buffer.from([0x80])])
    this.#stream(name).faults.filler = bytes > 0 ? runOf(nalPayloads(codec, unit, 1400)) : emptyRun
  }

  heal(): void {
    for (const { faults } of this.#streams.values()) {
      Object.assign(faults, { frozen: false, muteReports: false, clockOffsetMs: 0, loss: 0, filler: emptyRun })
    }
  }

  close(): void {
    for (const stream of this.#streams.values()) stream.close()
  }

  #stream(name: string): SimulatedStream {
    const stream = this.#streams.get(name)
    if (!stream) throw new Error(`this camera has no ${name} stream`)
    return stream
  }

  async #open(name: StreamName, spec: VideoSpec): Promise<void> {
    this.#specs.set(name, spec)
    const tracks = [await this.#video(name, spec, -Math.round((this.#o.phaseS ?? 0) * spec.fps))]
    if (name === 'main' && this.#o.audio) tracks.push(audioTrack(await openAudioClip(this.#o.audio)))
    this.#streams.set(name, new SimulatedStream(tracks, this.#startedMs))
  }

  async #video(name: string, spec: VideoSpec, firstUnit: number): Promise<Track> {
    return videoTrack(await openClip(spec), this.#trackOptions(name, firstUnit))
  }

  #trackOptions(name: string, firstUnit: number) {
    const { name: camera = 'cam', packetBytes = 1400, parameterSets = 'both' } = this.#o
    return { camera, stream: name, packetBytes, parameterSets, firstUnit } as const
  }
}
