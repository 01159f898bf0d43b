/**
 * What control and the recorder say to each other over the inherited channel (structured clones, so bytes may be inside).
 * Both sides parse. Live pictures have a pipe of their own (live/feed-message.ts).
 */
import { cameraStatus, motionSettings, recordingMode, streamName } from '@vedette/shared/camera.ts'
import { errorCode } from '@vedette/shared/errors.ts'
import { id, timeMs } from '@vedette/shared/id.ts'
import { timeZone } from '@vedette/shared/local-time.ts'
import { processName, sandboxLayerName, sandboxReason, triedDeed } from '@vedette/shared/sandbox.ts'
import { weekSchedule } from '@vedette/shared/schedule.ts'
import { volumeState } from '@vedette/shared/storage.ts'
import { z } from 'zod'
import { feedRequest } from './live/feed-message.ts'
import { numberedNote } from './record/note.ts'
import { sha256Hex } from './record/segment-format.ts'
import { observation } from './vision/observation.ts'

const requestId = z.number().int().min(1)
const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array)

/** A camera as the recorder needs it; the password in clear travels only here. */
export const recordedCamera = z.strictObject({
  id,
  name: z.string(),
  enabled: z.boolean(),
  address: z.string(),
  subAddress: z.string().nullable(),
  username: z.string(),
  password: z.string(),
  transport: z.enum(['tcp', 'udp']),
  mode: recordingMode,
  /** Null but in the mode `scheduled`: what does not count does not make it another camera. */
  schedule: z.strictObject({ week: weekSchedule, timeZone }).nullable(),
  preRollMs: z.number(),
  postRollMs: z.number(),
  recordAudio: z.boolean(),
  motion: motionSettings,
  /** SHA-256 of the key that each stream must show over TLS; null: the first one it shows is trusted. */
  keys: z.strictObject({ main: sha256Hex.nullable(), sub: sha256Hex.nullable() }),
  /** The main stream's last segment: where the chain of hashes and the time go on. */
  last: z
    .strictObject({ sha256: sha256Hex, seq: z.number().int(), endMs: timeMs, clockEpoch: z.number().int() })
    .nullable(),
  /** Somebody records by hand until then. */
  byHandUntilMs: timeMs.nullable(),
  /** End of what the ledger knows of this camera; null: it begins now. */
  coveredUntilMs: timeMs.nullable(),
})
export type RecordedCamera = z.infer<typeof recordedCamera>

const failure = z.strictObject({ code: errorCode, message: z.string() })
export type Failure = z.infer<typeof failure>

/** Control -> recorder. */
export const toRecorder = z.discriminatedUnion('do', [
  z.strictObject({
    do: z.literal('configure'),
    cameras: z.array(recordedCamera),
    volume: z.strictObject({ id, path: z.string() }),
    clockEpoch: z.number().int(),
    /** Connect, and write nothing yet: another recorder still does, or what an earlier one left is being settled. */
    isStandby: z.boolean(),
    /** A demo's: with control gone nobody wants the footage. */
    endsWithControl: z.boolean(),
  }),
  z.strictObject({ do: z.literal('ack'), n: z.number().int() }),
  z.strictObject({ do: z.literal('live'), request: feedRequest }),
  z.strictObject({
    do: z.literal('probe'),
    requestId,
    address: z.string(),
    username: z.string(),
    password: z.string(),
    transport: z.enum(['tcp', 'udp']),
    /** Over TLS, the only key that may be shown; null: any. */
    keySha256: sha256Hex.nullable(),
  }),
  /** A picture of now. */
  z.strictObject({ do: z.literal('jpeg'), requestId, cameraId: id, stream: streamName, maxWidth: z.number().int() }),
  /** A picture of these frames' last one. */
  z.strictObject({
    do: z.literal('decode'),
    requestId,
    cameraId: id,
    codec: z.enum(['h264', 'hevc', 'mjpeg']),
    /** Annex-B access units (or JPEGs), the first one a key frame. */
    units: z.array(bytes).max(2000),
    maxWidth: z.number().int(),
  }),
  /** Record by hand until then; a time that is past ends it. */
  z.strictObject({ do: z.literal('trigger'), cameraId: id, untilMs: timeMs }),
  z.strictObject({ do: z.literal('stop') }),
])
export type ToRecorder = z.infer<typeof toRecorder>

/** Recorder -> control. */
export const fromRecorder = z.discriminatedUnion('say', [
  z.strictObject({ say: z.literal('ready'), runId: id }),
  z.strictObject({ say: z.literal('notes'), notes: z.array(numberedNote) }),
  z.strictObject({ say: z.literal('camera'), cameraId: id, status: cameraStatus }),
  z.strictObject({
    say: z.literal('key'),
    cameraId: id,
    stream: streamName,
    /** The camera's address at that time. */
    address: z.string(),
    keySha256: sha256Hex,
    isAccepted: z.boolean(),
  }),
  z.strictObject({ say: z.literal('observation'), observation }),
  z.strictObject({
    say: z.literal('probed'),
    requestId,
    failure: failure.nullable(),
    codec: z.string().nullable(),
    width: z.number().nullable(),
    height: z.number().nullable(),
    audioCodec: z.string().nullable(),
    jpeg: bytes.nullable(),
  }),
  z.strictObject({
    say: z.literal('jpeg'),
    requestId,
    failure: failure.nullable(),
    captureMs: z.number(),
    jpeg: bytes.nullable(),
  }),
  /** A record of its log, and of vision's. */
  z.strictObject({ say: z.literal('log'), line: z.string().max(100_000) }),
  z.strictObject({ say: z.literal('disk'), state: volumeState, problem: z.string().nullable() }),
  z.strictObject({
    say: z.literal('vision'),
    state: z.enum(['running', 'starting', 'stopped', 'failed']),
    pid: z.number().nullable(),
    restarts: z.number(),
    givenUp: z.array(id),
  }),
  /** What a process found when it tried what it must not be able to do, and what it was started without. */
  z.strictObject({
    say: z.literal('tried'),
    process: processName,
    hasNodePermissions: z.boolean(),
    tried: z.array(triedDeed).max(20),
    missing: z.partialRecord(sandboxLayerName, sandboxReason),
  }),
])
export type FromRecorder = z.infer<typeof fromRecorder>
