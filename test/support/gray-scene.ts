/** Gray frames (160×90) of an invented scene: textured ground with sensor noise, things put on it, light that changes. */
export const sceneWidth = 160
export const sceneHeight = 90

export interface Thing {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly luma: number
}

export interface SceneChange {
  readonly things?: readonly Thing[]
  /** Added to every pixel. */
  readonly light?: number
  /** Amplitude of the noise, luma steps. */
  readonly noise?: number
  /** The whole picture moved to the left by so many pixels (0..1). */
  readonly shake?: number
  /** Another picture altogether: infrared. */
  readonly negative?: boolean
}

let state = 1
/** 0..1, the same in every run. */
export function nextRandom(): number {
  state = (state * 1103515245 + 12345) % 2147483648
  return state / 2147483648
}

export function drawGray({
  things = [],
  light = 0,
  noise = 3,
  shake = 0,
  negative = false,
}: SceneChange = {}): Uint8Array {
  const gray = new Uint8Array(sceneWidth * sceneHeight)
  for (let y = 0; y < sceneHeight; y++)
    for (let x = 0; x < sceneWidth; x++) {
      const thing = things.find((t) => x >= t.x && x < t.x + t.width && y >= t.y && y < t.y + t.height)
      const ground = (1 - shake) * groundAt(x, y) + shake * groundAt(x + 1, y)
      const luma = (thing?.luma ?? (negative ? 255 - ground : ground)) + light + (nextRandom() * 2 - 1) * noise
      gray[y * sceneWidth + x] = Math.max(0, Math.min(255, Math.round(luma)))
    }
  return gray
}

/** A lawn that grows brighter to the right, a dark path and a white fence. */
function groundAt(x: number, y: number): number {
  if (y > 60 && y < 72) return 60
  if (x % 20 < 2 && y > 30 && y < 50) return 220
  return 90 + x / 3
}
