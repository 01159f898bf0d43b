/**
 * What the three ways to show a live picture have in common: each fills an element of its own and reports what it does.
 * The element is shown from its first picture on, so changing source or stream never shows black.
 */
import type { StreamName } from '@vedette/shared/camera.ts'
import type { Latency } from './latency.ts'

/** x, y, width, height in shares of the picture. */
export type MotionBox = readonly [number, number, number, number]

export type SourceReport =
  /** A picture was drawn; sent once after opening and again after each outage. */
  | { readonly kind: 'picture'; readonly width: number; readonly height: number }
  | { readonly kind: 'connecting' }
  /** The server cannot be reached. */
  | { readonly kind: 'lost'; readonly nextTryMs: number }
  /** About once a second. `pictureMs`: when the camera saw the picture shown, in our time. */
  | {
      readonly kind: 'measure'
      readonly latency: Latency | null
      readonly fps: number
      readonly pictureMs: number | null
    }
  /** The camera sends sound that can be heard here. */
  | { readonly kind: 'has_sound'; readonly hasSound: boolean }
  /** Pictures left out because this device or the network was too slow. */
  | { readonly kind: 'dropped'; readonly frames: number }
  | { readonly kind: 'motion'; readonly boxes: readonly MotionBox[] }
  /** This source cannot go on; the next transport takes over. */
  | { readonly kind: 'failed'; readonly why: 'codec' | 'failed'; readonly codec: string | null }

export type Report = (report: SourceReport) => void

export interface PictureSource {
  readonly element: HTMLElement
  /** Plays the camera's sound; left out where this way cannot. */
  setSound?(isOn: boolean): void
  /** Ends everything but the last picture, where the element is still in the page. May be called twice. */
  close(): void
}

export type OpenSource = (cameraId: string, stream: StreamName, report: Report) => PictureSource
