/**
 * Motion of one camera, from decoded pictures to observations with their best picture.
 *
 * In:        pictures in the order of their capture times; a picture may first be looked at, then taken.
 * Out:       observations, in order, by `say`.
 * Not here:  which pictures there are (watch-camera.ts).
 */
import type { MotionSettings } from '@vedette/shared/camera.ts'
import type { Picture } from '../media/picture.ts'
import type { Still, StillMaker } from '../media/still.ts'
import type { GrayScaler } from '../media/to-gray.ts'
import type { JpegEncoder } from '../media/to-jpeg.ts'
import { grayHeight, grayWidth } from './grid.ts'
import { accept, judge, type MotionModel, newMotionModel, type Verdict } from './motion.ts'
import { endGate, type GateState, quietGate, type Said, stepGate } from './motion-gate.ts'
import type { Observation } from './observation.ts'

/** Shared by all cameras of a process. */
export interface PictureTools {
  readonly gray: GrayScaler
  readonly stills: StillMaker
  readonly jpeg: JpegEncoder
}

const pictureWidth = 640
const pictureQuality = 80
/** A better picture replaces the one before at most this often, and at the end. */
const pictureEveryMs = 3_000

const gray = Buffer.alloc(grayWidth * grayHeight)

export class MotionWatch {
  readonly #cameraId: string
  readonly #settings: MotionSettings
  readonly #tools: PictureTools
  readonly #say: (observation: Observation) => void
  #model: MotionModel
  #gate: GateState = quietGate
  #best: Still | undefined
  #pictureSaidMs = Number.NEGATIVE_INFINITY
  /** Observations wait here for their picture; one after the other. */
  #outbox: Promise<void> = Promise.resolve()

  constructor(
    cameraId: string,
    settings: MotionSettings,
    { tools, say }: { tools: PictureTools; say: (observation: Observation) => void },
  ) {
    this.#cameraId = cameraId
    this.#settings = settings
    this.#tools = tools
    this.#say = say
    this.#model = newMotionModel(settings)
  }

  /** Something moves, or has a moment ago. */
  get isMoving(): boolean {
    return this.#gate.mode === 'moving'
  }

  /** Looks without learning; undefined before the first picture was taken. */
  look(picture: Picture): Verdict | undefined {
    if (!this.#model.background) return undefined
    this.#tools.gray.toGray(picture, gray)
    return judge(this.#model, gray, picture.captureMs)
  }

  /** Judges and learns. `began` is set in the step in which motion became certain. */
  take(picture: Picture): { verdict: Verdict; beganMs: number | undefined } {
    this.#tools.gray.toGray(picture, gray)
    const verdict = judge(this.#model, gray, picture.captureMs)
    accept(this.#model, gray, verdict)
    const { next, said, isBest } = stepGate(this.#gate, verdict, this.#settings)
    this.#gate = next
    if (isBest) this.#keepBest(picture)
    if (said) this.#utter(said)
    return { verdict, beganMs: said?.state === 'started' ? said.startMs : undefined }
  }

  /** Time jumped or another stream begins: ends what is open and forgets the scene. */
  restart(): void {
    const said = endGate(this.#gate)
    this.#gate = quietGate
    this.#model = newMotionModel(this.#settings)
    if (said) this.#utter(said)
  }

  /** Ends what is open; resolves when everything is said. */
  async close(): Promise<void> {
    this.restart()
    await this.#outbox
  }

  #keepBest(picture: Picture): void {
    this.#best?.free()
    this.#best = this.#tools.stills.keep(picture, pictureWidth)
  }

  #utter(said: Said): void {
    const isDue = said.state !== 'ongoing' || said.atMs - this.#pictureSaidMs >= pictureEveryMs
    const best = isDue ? this.#best : undefined
    if (best) {
      this.#best = undefined
      this.#pictureSaidMs = said.atMs
    }
    this.#outbox = this.#outbox.then(async () => {
      const jpeg = best ? await this.#encode(best) : null
      this.#say(toObservation(this.#cameraId, said, jpeg))
    })
  }

  /** An observation without its picture is better than none. */
  async #encode(best: Still): Promise<Uint8Array | null> {
    try {
      return await this.#tools.jpeg.encode(best, pictureQuality)
    } catch {
      return null
    } finally {
      best.free()
    }
  }
}

function toObservation(cameraId: string, said: Said, jpeg: Uint8Array | null): Observation {
  return {
    cameraId,
    kind: 'motion',
    state: said.state,
    startMs: Math.round(said.startMs),
    lastMs: Math.round(said.lastMs),
    atMs: Math.round(said.atMs),
    boxes: said.boxes.map(([x, y, width, height]) => [x, y, width, height]),
    score: said.score,
    zones: [...said.zones],
    jpeg,
  }
}
