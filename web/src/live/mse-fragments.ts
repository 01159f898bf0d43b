/**
 * Live frames → what a SourceBuffer takes: an init segment whenever parameter sets change, then one fragment per frame.
 * Media time 0 is the capture time of the first frame.
 */
import { fragmentHead, initSegment, videoTimescale, videoTrackId } from '@vedette/shared/fmp4.ts'
import type { LiveFrame } from '@vedette/shared/live-frame.ts'
import { join } from '@vedette/shared/mp4-box.ts'
import { type AccessUnit, readAccessUnit } from '../media/annex-b.ts'

export interface LiveFormat {
  readonly codec: string
  readonly width: number
  readonly height: number
}

/** A jump longer than this is another time line: begin again. */
const maxJumpS = 10
const firstDurationTicks = videoTimescale / 25

export class FragmentMaker {
  readonly #format: LiveFormat
  readonly #codec: 'h264' | 'hevc'
  #sets: readonly Uint8Array[] = []
  #baseS: number | undefined
  #decodeTicks = -1
  #durationTicks = firstDurationTicks
  #sequence = 0

  constructor(format: LiveFormat) {
    this.#format = format
    this.#codec = /^(hvc1|hev1)/.test(format.codec) ? 'hevc' : 'h264'
  }

  /** Capture time (seconds since 1970) of media time 0; undefined before the first key frame. */
  get baseS(): number | undefined {
    return this.#baseS
  }

  /** The bytes to append; undefined where the frame has no place: before the first key frame, or after a jump in time. */
  add(frame: LiveFrame): Uint8Array<ArrayBuffer> | undefined {
    const unit = readAccessUnit(frame.payload, this.#codec)
    if (this.#baseS === undefined && (!frame.isKey || unit.parameterSets.length === 0)) return undefined
    this.#baseS ??= frame.captureS
    const shownTicks = Math.round((frame.captureS - this.#baseS) * videoTimescale)
    if (Math.abs(shownTicks - this.#decodeTicks) > maxJumpS * videoTimescale && this.#decodeTicks >= 0) return undefined
    // Decode time must ascend; a picture shown before one that came earlier (B frames) gets a negative offset.
    const decodeTicks = Math.max(this.#decodeTicks + 1, shownTicks)
    const sinceTicks = decodeTicks - this.#decodeTicks
    if (this.#decodeTicks >= 0 && sinceTicks > 1) this.#durationTicks = Math.min(sinceTicks, videoTimescale)
    this.#decodeTicks = decodeTicks
    const sample = {
      sizeBytes: unit.sample.length,
      durationTicks: this.#durationTicks,
      isKey: frame.isKey,
      offsetTicks: shownTicks - decodeTicks,
    }
    this.#sequence += 1
    const head = fragmentHead(this.#sequence, [{ trackId: videoTrackId, decodeTicks, samples: [sample] }])
    return join([...this.#newInit(unit), head, unit.sample])
  }

  #newInit(unit: AccessUnit): Uint8Array[] {
    if (unit.parameterSets.length === 0 || isSame(unit.parameterSets, this.#sets)) return []
    this.#sets = unit.parameterSets.map((set) => set.slice())
    const { width, height } = this.#format
    return [initSegment({ video: { codec: this.#codec, width, height, parameterSets: this.#sets } })]
  }
}

function isSame(a: readonly Uint8Array[], b: readonly Uint8Array[]): boolean {
  return (
    a.length === b.length && a.every((set, i) => set.length === b[i]?.length && set.every((v, at) => v === b[i]?.[at]))
  )
}
