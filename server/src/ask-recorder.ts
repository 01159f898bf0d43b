/** The questions that control's routes have for the recorder, with its answers as values or AppErrors. */
import type { ProbeAnswer, StreamName } from '@vedette/shared/camera.ts'
import type { ProbeTarget } from './cameras/camera-routes.ts'
import { AppError } from './lib/app-error.ts'
import type { Failure } from './recorder-messages.ts'
import type { RecorderProcess } from './recorder-process.ts'

export interface PicturesToDecode {
  readonly codec: 'h264' | 'hevc' | 'mjpeg'
  /** Annex-B access units, the first one a key frame; the last one is wanted. */
  readonly units: readonly Uint8Array[]
  readonly maxWidth: number
  readonly cameraId: string
}

/** Tries an address out; what is wrong with it is part of the answer. */
export async function askProbe(
  recorder: RecorderProcess,
  target: ProbeTarget,
): Promise<Omit<ProbeAnswer, 'address' | 'username'>> {
  const answer = await recorder.ask({ do: 'probe', ...target }, 20_000)
  if (answer.say !== 'probed') throw unexpected()
  const { failure, codec, width, height, audioCodec, jpeg } = answer
  return {
    ok: failure === null,
    code: failure?.code ?? null,
    message: failure?.message ?? null,
    codec,
    width,
    height,
    audioCodec,
    picture: jpeg ? `data:image/jpeg;base64,${Buffer.from(jpeg).toString('base64')}` : null,
  }
}

/** The newest picture of a stream. */
export async function askJpeg(
  recorder: RecorderProcess,
  cameraId: string,
  stream: StreamName,
  maxWidth: number,
): Promise<{ jpeg: Uint8Array; captureMs: number }> {
  return picture(await recorder.ask({ do: 'jpeg', cameraId, stream, maxWidth }, 8_000))
}

/** The last of these frames as a JPEG. */
export async function askDecode(recorder: RecorderProcess, pictures: PicturesToDecode): Promise<Uint8Array> {
  const { jpeg } = picture(await recorder.ask({ do: 'decode', ...pictures, units: [...pictures.units] }, 15_000))
  return jpeg
}

type Answer = Awaited<ReturnType<RecorderProcess['ask']>>

function picture(answer: Answer): { jpeg: Uint8Array; captureMs: number } {
  if (answer.say !== 'jpeg') throw unexpected()
  if (answer.failure) throw toError(answer.failure)
  if (!answer.jpeg) throw new AppError('vision_unavailable', 'There is no picture yet. Try again in a moment.')
  return { jpeg: answer.jpeg, captureMs: answer.captureMs }
}

const toError = (failure: Failure) => new AppError(failure.code, failure.message)
const unexpected = () => new Error('the recorder gave another answer than was asked for')
