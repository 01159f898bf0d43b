/** What turns the RTP payloads of one track into whole access units. One file per payload format implements it. */
import type { MediaFormat } from '../lib/packet.ts'

/** A finished unit: its bytes are its own, `rtpTime` is the 32-bit time stamp from the wire. */
export type OnUnit = (data: Buffer, rtpTime: number, isKey: boolean, format: MediaFormat) => void

/** Calls come in the order of the sequence numbers. Nothing throws but AppError for a limit. */
export interface Depacketizer {
  /** One payload, valid only during the call. A video unit ends with the marker bit, or else when the time changes. */
  push(bytes: Buffer, start: number, end: number, isMarked: boolean, rtpTime: number): void
  /**
   * Packets are missing before the next push. The unit that they cut is dropped; those after it are kept, although
   * they may refer to it, because a picture with a fault is better evidence than none. Both are counted.
   */
  lost(): void
  /** Known from the description or the stream so far. */
  readonly format: MediaFormat | undefined
  /** Units dropped because parts of them were lost or made no sense. */
  readonly damaged: number
  /** Complete units dropped because their format is not known yet. */
  readonly early: number
}
