/** MP4 boxes as bytes (ISO 14496-12): runs in the server and in the browser, so only Uint8Array and DataView. */

/** Big-endian, 8, 16 or 32 bits each. */
export const u8 = (...values: number[]): Uint8Array<ArrayBuffer> => Uint8Array.from(values)
export const u16 = (...values: number[]): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(values.flatMap((v) => [v >>> 8, v & 255]))
export const u32 = (...values: number[]): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(values.flatMap((v) => [v >>> 24, (v >>> 16) & 255, (v >>> 8) & 255, v & 255]))
export const zeros = (count: number): Uint8Array<ArrayBuffer> => new Uint8Array(count)
/** Latin letters only. */
export const text = (value: string): Uint8Array<ArrayBuffer> => Uint8Array.from(value, (c) => c.charCodeAt(0))

export function join(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}

export function box(type: string, ...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const body = join(parts)
  return join([u32(body.length + 8), text(type), body])
}
