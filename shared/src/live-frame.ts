/**
 * The live WebSocket, GET /api/cameras/:id/live?stream=main|sub. Binary frames both ways:
 *
 *   type u8 · flags u8 (bit 0: key) · capture time f64 little-endian, seconds since 1970 · payload
 *
 *   type 0 video     payload: Annex-B (H.264, H.265) or a JPEG (mjpeg); the first one after a format is a key frame
 *   type 1 audio     payload: one raw frame of the codec named in the format
 *   type 2 metadata  payload: JSON, `liveMetadata` (live.ts); a format comes before the first frame and whenever it changes
 *   type 3 clock     client -> server: its own time in the header, no payload;
 *                    server -> client: the server's time in the header, payload = the client's time echoed (f64 LE)
 *
 * Without schemas, so that a browser's decoding worker stays small.
 */
export const liveType = { video: 0, audio: 1, metadata: 2, clock: 3 } as const
export const liveHeaderBytes = 10
export const liveKeyFlag = 1

/** Why the server closed a live WebSocket (close codes). */
export const liveClose = {
  /** The server stops or restarts: connect again. */
  goingAway: 1001,
  /** The client sent what is not in the table above, or too much of it. */
  badMessage: 1008,
  tooLarge: 1009,
  /** The session ended or the right was taken away: do not connect again without asking who is signed in. */
  revoked: 4001,
  /** Nothing could be sent for 10 s: connect again, a smaller stream may help. */
  tooSlow: 4002,
} as const
/** Client messages longer than this are refused. */
export const liveMaxClientBytes = 64

export interface LiveFrame {
  readonly type: number
  readonly isKey: boolean
  /** Seconds since 1970. */
  readonly captureS: number
  readonly payload: Uint8Array
}

export function writeLiveHeader(target: Uint8Array, type: number, isKey: boolean, captureS: number): void {
  target[0] = type
  target[1] = isKey ? liveKeyFlag : 0
  new DataView(target.buffer, target.byteOffset, liveHeaderBytes).setFloat64(2, captureS, true)
}

/** Reads a live frame; undefined where the bytes are none. */
export function readLiveFrame(bytes: Uint8Array): LiveFrame | undefined {
  if (bytes.length < liveHeaderBytes || (bytes[0] ?? 255) > 3) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, liveHeaderBytes)
  return {
    type: bytes[0] ?? 0,
    isKey: ((bytes[1] ?? 0) & liveKeyFlag) !== 0,
    captureS: view.getFloat64(2, true),
    payload: bytes.subarray(liveHeaderBytes),
  }
}
