/**
 * Packets of a sub stream (640×360, 10 frames a second) encoded with ffmpeg from real clips, in variants that matter to
 * vision/wake-gate.ts: bitrate held constant or free, key frames every 2 s or every 10 s. Kept in the temporary folder.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nalKind, splitAnnexB } from '../test/cameras/nal-units.ts'

export interface ClipPacket {
  readonly isKey: boolean
  readonly data: Buffer
}

export interface ClipVariant {
  readonly clip: 'person' | 'car'
  readonly rate: 'capped' | 'free'
  readonly gopFrames: number
}

const files = { person: 'one-by-one-person-detection.mp4', car: 'car-detection.mp4' }
export const framesPerS = 10
/** Frames before the first visit of either clip; repeated in front of it, because a camera sees nobody most of the time. */
const emptyFrames = 40
const emptyS = 150

const rates = {
  capped: ['-b:v', '400k', '-maxrate', '500k', '-bufsize', '400k'],
  free: ['-crf', '25'],
}

/** Undefined, with the reason said aloud, where the clip or ffmpeg is missing. */
export function encodeVariant({ clip, rate, gopFrames }: ClipVariant, footage: string): ClipPacket[] | undefined {
  const source = join(footage, files[clip])
  if (!existsSync(source)) return skip(`${source} is missing`)
  const folder = join(tmpdir(), 'vedette-bench')
  const target = join(folder, `${clip}-${rate}-${gopFrames}-empty${emptyS}.h264`)
  if (!existsSync(target)) {
    mkdirSync(folder, { recursive: true })
    const gop = ['-g', `${gopFrames}`, '-keyint_min', `${gopFrames}`, '-sc_threshold', '0', '-bf', '0']
    const encoder = ['-c:v', 'libx264', '-preset', 'veryfast', '-profile:v', 'high', ...rates[rate], ...gop]
    const partial = `${target}.${process.pid}`
    const ran = spawnSync('ffmpeg', [
      '-v',
      'error',
      '-y',
      '-i',
      source,
      '-an',
      '-filter_complex',
      filter(),
      ...encoder,
      '-f',
      'h264',
      partial,
    ])
    if (ran.status !== 0) return skip(`ffmpeg did not encode ${source}: ${ran.error?.message ?? ran.stderr}`)
    renameSync(partial, target)
  }
  return toPackets(readFileSync(target))
}

/** The empty frames forwards and backwards again and again, so that no seam shows, then the whole clip. */
function filter(): string {
  const repeats = Math.round((emptyS * framesPerS) / (2 * emptyFrames)) - 1
  return [
    `[0:v]fps=${framesPerS},scale=640:360,split[clip][start]`,
    `[start]trim=end_frame=${emptyFrames},split[there][copy]`,
    '[copy]reverse[back]',
    `[there][back]concat,loop=loop=${repeats}:size=${2 * emptyFrames}:start=0[empty]`,
    `[empty][clip]concat,setpts=N/(${framesPerS}*TB)`,
  ].join(';')
}

function skip(reason: string): undefined {
  console.warn(`skipped: ${reason}`)
}

const startCode = Buffer.from([0, 0, 0, 1])

/** Access units: everything up to the next unit that begins a picture. */
function toPackets(bytes: Buffer): ClipPacket[] {
  const packets: ClipPacket[] = []
  let units: Buffer[] = []
  let hasSlice = false
  let isKey = false
  const flush = () => {
    if (hasSlice) packets.push({ isKey, data: Buffer.concat(units.flatMap((unit) => [startCode, unit])) })
    units = []
    hasSlice = false
    isKey = false
  }
  for (const unit of splitAnnexB(bytes)) {
    const isSlice = nalKind('h264', unit) === 'slice'
    // A slice that begins at macroblock 0 has a leading 1 bit after its header.
    if (hasSlice && (!isSlice || ((unit[1] ?? 0) & 0x80) !== 0)) flush()
    units.push(unit)
    if (!isSlice) continue
    hasSlice = true
    if (((unit[0] ?? 0) & 31) === 5) isKey = true
  }
  flush()
  return packets
}
