/**
 * The file that holds the installation's key: in the data folder, where VEDETTE_KEY_FILE says, or a systemd credential.
 *
 * Form:      32 random bytes (given ones may also be hex or base64). While a rotation is under way: JSON with the old and the
 *            new key, until the database says which one is in force (key-check-store.ts).
 * Invariant: the file is replaced as a whole (write, fsync, rename, fsync of the folder); others cannot read it.
 */
import { randomBytes } from 'node:crypto'
import {
  closeSync,
  constants,
  fchownSync,
  fstatSync,
  fsyncSync,
  linkSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'
import { AppError } from '../lib/app-error.ts'
import { rememberSecret } from '../lib/redact.ts'
import { keyBytes, parseKey } from './weak-key.ts'

/** `own`: in the data folder, made by us. `named`: VEDETTE_KEY_FILE. `credential`: systemd's, read-only. */
export interface KeyPlace {
  readonly kind: 'own' | 'named' | 'credential'
  readonly path: string
}

export interface KeyFile {
  readonly key: Buffer
  /** The key that a rotation was about to put in force. */
  readonly next?: Buffer
}

const maxBytes = 1000
const base64Key = z.string().transform((text) => Buffer.from(text, 'base64'))
const rotationForm = z.strictObject({ vedetteKeyRotation: z.literal(1), old: base64Key, new: base64Key })

/** Undefined where there is no file. Throws key_unusable for a weak, foreign or readable one; there is no way around it. */
export function readKeyFile(place: KeyPlace): KeyFile | undefined {
  const content = readPrivate(place)
  if (content === undefined) return undefined
  const rotation = rotationForm.safeParse(parseJson(content)).data
  if (rotation) return { key: judge(place, rotation.old), next: judge(place, rotation.new) }
  return { key: judge(place, content) }
}

/** A new key, on disk for good. Only where none is; throws key_unusable in a place that is not ours to fill. */
export function makeKeyFile(place: KeyPlace): KeyFile {
  if (place.kind !== 'own')
    throw unusable(
      `There is no key at ${place.path}. Make one there: \`(umask 077; head -c 32 /dev/urandom > ${place.path})\`, or correct VEDETTE_KEY_FILE.`,
    )
  const file = { key: newKey() }
  // `setup` may run beside the first start: both use the key that came first.
  return putKeyFile(place, file, putFirst) ? file : (readKeyFile(place) ?? file)
}

export function newKey(): Buffer {
  const key = randomBytes(keyBytes)
  rememberSecret(key)
  return key
}

/** Replaces the file as a whole; after it returns, a power cut brings back no older one. */
export function writeKeyFile(place: KeyPlace, file: KeyFile): void {
  putKeyFile(place, file, (from, to) => {
    renameSync(from, to)
    return true
  })
}

/** `put` brings it to its place, or says that it did not. */
function putKeyFile(place: KeyPlace, { key, next }: KeyFile, put: (from: string, to: string) => boolean): boolean {
  const bytes = next
    ? Buffer.from(JSON.stringify({ vedetteKeyRotation: 1, old: key.toString('base64'), new: next.toString('base64') }))
    : key
  const beside = `${place.path}.new`
  try {
    dropLeftover(place)
    const file = openSync(beside, 'wx', 0o600)
    try {
      keepOwner(file, place.path)
      writeSync(file, bytes)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    const isPut = put(beside, place.path)
    syncFolder(dirname(place.path))
    return isPut
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown'
    throw unusable(
      `The key file ${place.path} cannot be written (${code}). It must lie in a folder that Vedette may write to. Nothing was changed.`,
      cause,
    )
  }
}

/** Only where no file is; false: there is one. */
function putFirst(from: string, to: string): boolean {
  try {
    linkSync(from, to)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    // A file system without hard links.
    if (code === 'EPERM' || code === 'ENOTSUP' || code === 'EOPNOTSUPP') renameSync(from, to)
    else if (code !== 'EEXIST') throw error
    else {
      rmSync(from, { force: true })
      return false
    }
  }
  rmSync(from, { force: true })
  return true
}

/** Root may rotate what another user's Vedette must be able to read. */
function keepOwner(file: number, replacedPath: string): void {
  if (process.getuid?.() !== 0) return
  const replaced = statSync(replacedPath, { throwIfNoEntry: false })
  if (replaced) fchownSync(file, replaced.uid, replaced.gid)
}

/** What a rotation that was killed left beside the key file: it counts for nothing. */
export function dropLeftover({ kind, path }: KeyPlace): void {
  if (kind !== 'credential') rmSync(`${path}.new`, { force: true })
}

export const unusable = (message: string, cause?: unknown) => new AppError('key_unusable', message, { cause })

/** Opened first and looked at afterwards, so that nobody can exchange it in between. */
function readPrivate({ kind, path }: KeyPlace): Buffer | undefined {
  let file: number
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown'
    if (code === 'ENOENT') return undefined
    throw unusable(`The key file ${path} cannot be read (${code}). Check its owner and its folder.`, cause)
  }
  try {
    const { mode } = fstatSync(file)
    if ((mode & constants.S_IFMT) !== constants.S_IFREG) throw unusable(`The key file ${path} is no file.`)
    // systemd lets the service's user in by an access list, whose mask shows as rights of the group.
    if ((mode & (kind === 'credential' ? 0o007 : 0o077)) !== 0)
      throw unusable(
        `The key file ${path} can be read by other users: run \`chmod 600 ${path}\`, and make a new key with \`npx vedette rotate-key\` if somebody may have seen it.`,
      )
    const buffer = Buffer.alloc(maxBytes + 1)
    const size = readSync(file, buffer, 0, buffer.length, 0)
    if (size > maxBytes) throw unusable(`The key file ${path} is too large for a key. Put back the right one.`)
    return Buffer.from(buffer.subarray(0, size))
  } finally {
    closeSync(file)
  }
}

function judge({ kind, path }: KeyPlace, content: Buffer): Buffer {
  const parsed = parseKey(content)
  if ('key' in parsed) {
    rememberSecret(parsed.key)
    return parsed.key
  }
  throw unusable(
    kind === 'own'
      ? `The key file ${path} ${parsed.weakness}. Put back the right one from your backup; on a new installation delete it, and the start makes one.`
      : `The key file ${path} ${parsed.weakness}. Put the right one there; a new one for a new installation comes from \`head -c 32 /dev/urandom\`.`,
  )
}

function syncFolder(path: string): void {
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}

function parseJson(content: Buffer): unknown {
  if (content[0] !== 0x7b) return undefined
  try {
    return JSON.parse(content.toString('utf8'))
  } catch {
    return undefined
  }
}
