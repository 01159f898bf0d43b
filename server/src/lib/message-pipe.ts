/**
 * Length-prefixed binary messages over a pipe between parent and child:
 * header bytes u32 · payload bytes u32 (both little-endian) · header (JSON) · payload.
 * In: any Readable. Out: one call per message. The receiver parses the header by schema.
 */
import type { Readable, Writable } from 'node:stream'

const maxHeaderBytes = 64 * 1024
const maxPayloadBytes = 32 * 1024 * 1024

/** Writes one message; false when the pipe is full (the caller drops and counts until 'drain'). */
export function writePipeMessage(pipe: Writable, header: unknown, payload: Uint8Array): boolean {
  const head = Buffer.from(JSON.stringify(header))
  const sizes = Buffer.allocUnsafe(8)
  sizes.writeUInt32LE(head.length, 0)
  sizes.writeUInt32LE(payload.length, 4)
  pipe.cork()
  pipe.write(sizes)
  pipe.write(head)
  const roomLeft = payload.length > 0 ? pipe.write(payload) : !pipe.writableNeedDrain
  process.nextTick(() => pipe.uncork())
  return roomLeft
}

/** Calls `onMessage` for each whole message; destroys the pipe when the other side writes nonsense. */
export function readPipeMessages(pipe: Readable, onMessage: (header: unknown, payload: Buffer) => void): void {
  let parts: Buffer[] = []
  let bytes = 0
  let neededBytes = 8
  pipe.on('data', (chunk: Buffer) => {
    parts.push(chunk)
    bytes += chunk.length
    if (bytes < neededBytes) return
    let rest: Buffer = parts.length === 1 ? chunk : Buffer.concat(parts, bytes)
    for (;;) {
      if (rest.length < 8) {
        neededBytes = 8
        break
      }
      const headBytes = rest.readUInt32LE(0)
      const payloadBytes = rest.readUInt32LE(4)
      if (headBytes > maxHeaderBytes || payloadBytes > maxPayloadBytes) {
        pipe.destroy(new Error('pipe message too large'))
        return
      }
      neededBytes = 8 + headBytes + payloadBytes
      if (rest.length < neededBytes) break
      const header = parseHeader(rest.toString('utf8', 8, 8 + headBytes))
      if (header === undefined) {
        pipe.destroy(new Error('pipe message without a header'))
        return
      }
      onMessage(header, rest.subarray(8 + headBytes, neededBytes))
      rest = rest.subarray(neededBytes)
    }
    parts = rest.length > 0 ? [rest] : []
    bytes = rest.length
  })
}

/** Undefined for what is no JSON: a child that was taken over must not be able to end its parent. */
function parseHeader(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
