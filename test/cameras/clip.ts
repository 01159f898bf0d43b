/**
 * The looping clip that a simulated camera plays: drawn and encoded once per set of parameters, then kept in the
 * system's temporary folder (a few MB each) and in memory. Nothing is encoded while serving.
 */
import { createHash } from 'node:crypto'
import { lstat, mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { outlivingFolder } from '../support/own-temporary-folder.ts'
import { type EncodedPicture, encodeScene, type VideoSpec } from './encode.ts'
import { nalKind, splitAnnexB } from './nal-units.ts'

/** Part of the cache's key: raise it when the scene or the encoding changes. */
const clipVersion = 2

export interface ClipFrame {
  readonly isKey: boolean
  /** Slices only (parameter sets are the clip's); mjpeg: one JPEG. */
  readonly units: readonly Buffer[]
}

export interface Clip extends VideoSpec {
  readonly parameterSets: readonly Buffer[]
  readonly frames: readonly ClipFrame[]
}

/** A user's own: whoever plays a demo first would leave one that nobody else may write into. */
const folderName = `vedette-simulated-camera-${process.getuid?.()}`

const opened = new Map<string, Promise<Clip>>()

/** The clip for `spec`; the first call for a set of parameters takes seconds, later ones milliseconds. */
export function openClip(spec: VideoSpec): Promise<Clip> {
  const name = `${spec.codec}-${spec.width}x${spec.height}@${spec.fps}-${clipKey(spec)}`
  let clip = opened.get(name)
  if (!clip) {
    clip = loadClip(spec, join(outlivingFolder(), folderName, name))
    opened.set(name, clip)
  }
  return clip
}

function clipKey(spec: VideoSpec): string {
  const { codec, width, height, fps, seconds, variant, gopFrames, kbitPerS, visits, crf } = spec
  const parts: (string | number)[] = [clipVersion, codec, width, height, fps, seconds, variant, gopFrames, kbitPerS]
  if (visits !== undefined || crf !== undefined) parts.push(visits ?? 'some', crf ?? 0)
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16)
}

async function loadClip(spec: VideoSpec, path: string): Promise<Clip> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const isOurs = (await lstat(dirname(path))).uid === process.getuid?.()
  const cached = isOurs && (await readFile(path).catch(() => undefined))
  if (cached) return toClip(spec, unpack(cached))
  const pictures = await encodeScene(spec)
  if (!isOurs) return toClip(spec, pictures)
  const mine = `${path}.${process.pid}`
  await writeFile(mine, pack(pictures))
  await rename(mine, path) // Two processes that draw the same clip at once both write the whole of it.
  return toClip(spec, pictures)
}

/** Per picture: u32 length with the top bit for a key frame, then its bytes. */
function pack(pictures: readonly EncodedPicture[]): Buffer {
  return Buffer.concat(
    pictures.flatMap(({ isKey, data }) => {
      const head = Buffer.alloc(4)
      head.writeUInt32BE(data.length + (isKey ? 0x80000000 : 0))
      return [head, data]
    }),
  )
}

function unpack(bytes: Buffer): EncodedPicture[] {
  const pictures: EncodedPicture[] = []
  for (let at = 0; at < bytes.length; ) {
    const head = bytes.readUInt32BE(at)
    const end = at + 4 + (head & 0x7fffffff)
    pictures.push({ isKey: head >= 0x80000000, data: bytes.subarray(at + 4, end) })
    at = end
  }
  return pictures
}

function toClip(spec: VideoSpec, pictures: readonly EncodedPicture[]): Clip {
  const { codec } = spec
  if (codec === 'mjpeg') {
    return { ...spec, parameterSets: [], frames: pictures.map(({ data }) => ({ isKey: true, units: [data] })) }
  }
  const first = splitAnnexB(pictures[0]?.data ?? Buffer.alloc(0))
  return {
    ...spec,
    parameterSets: first.filter((unit) => nalKind(codec, unit) === 'parameters'),
    frames: pictures.map(({ isKey, data }) => ({
      isKey,
      units: splitAnnexB(data).filter((unit) => nalKind(codec, unit) === 'slice'),
    })),
  }
}
