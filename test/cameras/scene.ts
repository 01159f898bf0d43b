/**
 * A drawn yard, frame by frame, as planar YUV 4:2:0: house, tree, path, slight sensor noise, and a person who walks
 * through from second 4 to second 12 of the loop; the rest is quiet.
 *
 * Sixteen blocks at the lower left tell which frame of the loop a picture is: Gray code, highest bit first, bright = 1.
 * Gray code, because then only one small block changes a frame: a motion detector must not take the counter for a visitor.
 */

export interface SceneSpec {
  readonly width: number
  readonly height: number
  readonly fps: number
  readonly seconds: number
  /** Colours and furniture; cameras of one wall should not look alike. */
  readonly variant: number
  /** Who walks through: somebody now and then (left out), nobody, or one after the other. */
  readonly visits?: 'none' | 'always'
}

export interface Scene {
  readonly frames: number
  /** Bytes of a whole frame. */
  readonly sizeBytes: number
  /** Draws frame `index` of the loop over whatever `target` holds. */
  draw(index: number, target: Uint8Array): void
}

type Colour = readonly [y: number, u: number, v: number]

export const walkFromS = 4
export const walkUntilS = 12
const counterBits = 16
const noiseAmplitude = 3
const noiseTableBytes = 1 << 16

/** Side of one counter block in pixels: 8 at 360 lines, 16 at 720. */
export const counterBlock = (height: number) => Math.max(4, Math.floor(height / 90) * 2)

export function createScene(spec: SceneSpec): Scene {
  const { width, height, fps, seconds } = spec
  const still = new Canvas(width, height)
  drawYard(still, spec.variant)
  const canvas = new Canvas(width, height)
  const noise = noiseTable()
  const frames = Math.round(fps * seconds)
  return {
    frames,
    sizeBytes: still.bytes.length,
    draw(index, target) {
      canvas.bytes.set(still.bytes)
      const atS = index / fps
      const walk = walkProgress(atS, spec.visits)
      if (walk !== undefined) drawPerson(canvas, walk, atS)
      addNoise(canvas, noise, index)
      drawCounter(canvas, index)
      target.set(canvas.bytes)
    },
  }
}

/** How far across the picture the person is, 0..1; undefined where there is none. */
function walkProgress(atS: number, visits: SceneSpec['visits']): number | undefined {
  const walkS = walkUntilS - walkFromS
  if (visits === 'none') return undefined
  if (visits === 'always') return (atS % walkS) / walkS
  return atS >= walkFromS && atS < walkUntilS ? (atS - walkFromS) / walkS : undefined
}

/** Reads the counter back from a luma plane; what a decoder has to find in frame `index` is `index`. */
export function readCounter(luma: Uint8Array, stride: number, height: number): number {
  const side = counterBlock(height)
  const row = height - Math.floor(1.5 * side)
  let gray = 0
  for (let bit = 0; bit < counterBits; bit++) {
    const x = side + bit * side + (side >> 1)
    gray = (gray << 1) | ((luma[row * stride + x] ?? 0) > 128 ? 1 : 0)
  }
  let value = gray
  for (let shift = 1; shift < counterBits; shift <<= 1) value ^= value >> shift
  return value
}

class Canvas {
  readonly width: number
  readonly height: number
  readonly bytes: Uint8Array
  constructor(width: number, height: number) {
    this.width = width
    this.height = height
    this.bytes = new Uint8Array((width * height * 3) / 2)
  }
  /** Fills row `y` from x0 to x1 (exclusive, clipped). */
  span(y: number, x0: number, x1: number, [luma, u, v]: Colour): void {
    const from = Math.max(0, Math.round(x0))
    const to = Math.min(this.width, Math.round(x1))
    if (y < 0 || y >= this.height || from >= to) return
    this.bytes.fill(luma, y * this.width + from, y * this.width + to)
    if (y % 2 === 1) return
    const half = this.width / 2
    const plane = this.width * this.height
    const row = (y / 2) * half
    this.bytes.fill(u, plane + row + (from >> 1), plane + row + (to >> 1))
    this.bytes.fill(v, plane + plane / 4 + row + (from >> 1), plane + plane / 4 + row + (to >> 1))
  }
  /** Coordinates in shares of the height, so that a scene looks the same in every size. */
  box(x: number, y: number, w: number, h: number, colour: Colour): void {
    const s = this.height
    for (let row = Math.round(y * s); row < Math.round((y + h) * s); row++) this.span(row, x * s, (x + w) * s, colour)
  }
  disc(x: number, y: number, radius: number, colour: Colour): void {
    const s = this.height
    for (let row = Math.round((y - radius) * s); row <= Math.round((y + radius) * s); row++) {
      const reach = radius * radius - (row / s - y) ** 2
      if (reach > 0) this.span(row, (x - Math.sqrt(reach)) * s, (x + Math.sqrt(reach)) * s, colour)
    }
  }
  /** A limb: a thick line from one point to another. */
  limb(x0: number, y0: number, x1: number, y1: number, thick: number, colour: Colour): void {
    const s = this.height
    for (let row = Math.round(y0 * s); row < Math.round(y1 * s); row++) {
      const x = x0 + ((x1 - x0) * (row / s - y0)) / (y1 - y0)
      this.span(row, (x - thick / 2) * s, (x + thick / 2) * s, colour)
    }
  }
}

const walls: readonly Colour[] = [
  [150, 118, 142],
  [165, 122, 128],
  [130, 136, 120],
  [175, 110, 134],
]

function drawYard(canvas: Canvas, variant: number): void {
  const { width, height } = canvas
  const wide = width / height
  for (let y = 0; y < height; y++) {
    const at = y / height
    const sky: Colour = [Math.round(200 - 60 * at), 140, 118]
    const grass: Colour = [Math.round(70 + 50 * at), 116, 116]
    canvas.span(y, 0, width, at < 0.42 ? sky : grass)
  }
  const houseX = 0.12 + 0.17 * (variant % 4)
  canvas.box(houseX, 0.18, 0.5, 0.34, walls[variant % walls.length] ?? [150, 118, 142])
  for (let row = 0; row < 0.1 * height; row++) {
    const inset = ((0.1 * height - row) / height) * 2.5
    canvas.span(
      Math.round(0.08 * height) + row,
      (houseX - 0.03 + inset) * height,
      (houseX + 0.53 - inset) * height,
      [75, 118, 150],
    )
  }
  for (const x of [0.06, 0.34]) canvas.box(houseX + x, 0.25, 0.1, 0.1, [60, 136, 122])
  canvas.box(houseX + 0.21, 0.32, 0.08, 0.2, [85, 112, 150])
  canvas.box(wide - 0.33, 0.34, 0.04, 0.24, [80, 116, 140])
  canvas.disc(wide - 0.31, 0.26, 0.13, [92, 108, 108])
  canvas.box(0, 0.66, wide, 0.2, [140, 126, 130])
  for (let x = 0.02; x < wide; x += 0.12) canvas.box(x, 0.5, 0.015, 0.1, [190, 126, 128])
  canvas.box(0, 0.53, wide, 0.012, [190, 126, 128])
}

function drawPerson(canvas: Canvas, progress: number, atS: number): void {
  const x = progress * (canvas.width / canvas.height + 0.3) - 0.15
  const swing = Math.sin(atS * 2 * Math.PI * 0.9) * 0.05
  const top = 0.38 + Math.abs(swing) * 0.1
  const skin: Colour = [160, 112, 152]
  const coat: Colour = [52, 150, 112]
  const trousers: Colour = [40, 132, 126]
  canvas.limb(x, top + 0.22, x + swing, top + 0.4, 0.045, trousers)
  canvas.limb(x, top + 0.22, x - swing, top + 0.4, 0.045, trousers)
  canvas.box(x - 0.05, top + 0.075, 0.1, 0.17, coat)
  canvas.limb(x - 0.045, top + 0.09, x - 0.045 - swing, top + 0.22, 0.028, skin)
  canvas.limb(x + 0.045, top + 0.09, x + 0.045 + swing, top + 0.22, 0.028, skin)
  canvas.disc(x, top + 0.035, 0.04, skin)
}

/** The same noise in every run: a clip is cached by its parameters. */
function noiseTable(): Int8Array {
  const table = new Int8Array(noiseTableBytes)
  let seed = 12345
  for (let i = 0; i < table.length; i++) {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
    table[i] = ((seed >>> 16) % (2 * noiseAmplitude + 1)) - noiseAmplitude
  }
  return table
}

function addNoise({ bytes, width, height }: Canvas, noise: Int8Array, index: number): void {
  let at = Math.imul(index + 1, 40503) & (noiseTableBytes - 1)
  const end = width * height
  for (let i = 0; i < end; i++) {
    bytes[i] = (bytes[i] ?? 0) + (noise[at] ?? 0) // Every colour above keeps its distance from 0 and 255.
    at = (at + 1) & (noiseTableBytes - 1)
  }
}

function drawCounter(canvas: Canvas, index: number): void {
  const side = counterBlock(canvas.height)
  const gray = index ^ (index >> 1)
  for (let bit = 0; bit < counterBits; bit++) {
    const colour: Colour = [(gray >> (counterBits - 1 - bit)) & 1 ? 140 : 116, 128, 128]
    const x = side + bit * side
    for (let row = 0; row < side; row++) canvas.span(canvas.height - 2 * side + row, x, x + side, colour)
  }
}
