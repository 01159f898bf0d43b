/** A camera as users set it (settings), as the API shows it (view), and what probing an address answers. */
import { z } from 'zod'
import { displayName, displayText } from './display-name.ts'
import { errorCode } from './errors.ts'
import { id, timeMs } from './id.ts'
import { alwaysWeek, weekSchedule } from './schedule.ts'
import { right } from './user.ts'

export const streamName = z.enum(['main', 'sub'])
export type StreamName = z.infer<typeof streamName>

/** States shown to users (cameras, recording.md "Ingest"). */
export const cameraState = z.enum([
  'connecting',
  'online',
  'unreachable',
  'unauthorized',
  'stalled',
  'unsupported',
  'disabled',
])
export type CameraState = z.infer<typeof cameraState>

export const recordingMode = z.enum(['continuous', 'event', 'scheduled', 'off'])
export type RecordingMode = z.infer<typeof recordingMode>

/** A point of a zone, in shares of the picture (0..1). */
export const point = z.strictObject({ x: z.number().min(0).max(1), y: z.number().min(0).max(1) })
export const zone = z.strictObject({
  name: displayName,
  kind: z.enum(['include', 'exclude']),
  points: z.array(point).min(3).max(64),
})
export type Zone = z.infer<typeof zone>

const motionFields = {
  enabled: z.boolean(),
  /** 1 (only large changes) .. 100 (everything). */
  sensitivity: z.number().int().min(1).max(100),
  /** Smallest moving area, share of the picture. */
  minArea: z.number().min(0).max(1),
  minFrames: z.number().int().min(1).max(50),
  quietMs: z.number().int().min(1000).max(300_000),
  zones: z.array(zone).max(32),
}
/** What is not said of a new camera is filled in; of a change it stays. */
export const motionSettings = z.strictObject({
  enabled: motionFields.enabled.default(true),
  sensitivity: motionFields.sensitivity.default(50),
  minArea: motionFields.minArea.default(0.002),
  minFrames: motionFields.minFrames.default(2),
  quietMs: motionFields.quietMs.default(10_000),
  zones: motionFields.zones.default([]),
})
const motionChange = z.strictObject(motionFields).partial()
export type MotionSettings = z.infer<typeof motionSettings>

/** An address without credentials; the user name and password are fields of their own. */
const address = z
  .string()
  .trim()
  .max(2000)
  .regex(/^rtsps?:\/\/[^\s]+$/i, 'an address begins with rtsp://')

const settings = z.strictObject({
  name: z.string().trim().min(1).max(100),
  location: z.string().trim().max(100),
  enabled: z.boolean(),
  address,
  subAddress: address.nullable(),
  username: z.string().max(200),
  transport: z.enum(['tcp', 'udp']),
  liveMode: z.enum(['auto', 'webcodecs', 'mse', 'jpeg']),
  mode: recordingMode,
  /** What the mode `scheduled` records when, in the installation's time zone. */
  schedule: weekSchedule,
  preRollMs: z.number().int().min(0).max(60_000),
  postRollMs: z.number().int().min(0).max(300_000),
  recordAudio: z.boolean(),
  /** Days to keep; null keeps until the quota asks for the space. */
  keepDays: z.number().int().min(1).max(3650).nullable(),
  motion: motionSettings,
  order: z.number().int().min(0).max(100_000),
})
/** An address as people paste it, perhaps with credentials; the server splits it and says what is wrong with it. */
const pastedAddress = z.string().trim().min(1).max(2000)
/** A camera's settings as stored: complete. The password is not among them. Older cameras have no schedule yet. */
export const cameraSettings = settings.extend({ schedule: weekSchedule.default(alwaysWeek) })
export type CameraSettings = z.infer<typeof cameraSettings>

/** Body of POST /api/cameras. Only a name and an address must be given; credentials may stand in the address. */
export const newCamera = settings.partial().extend({
  name: displayName,
  location: displayText.optional(),
  address: pastedAddress,
  subAddress: pastedAddress.nullable().optional(),
  password: z.string().max(500).optional(),
  motion: motionChange.optional(),
})
export type NewCamera = z.infer<typeof newCamera>

/** Body of PATCH /api/cameras/:id. A new host without a password never gets the old password. */
export const cameraChange = settings.partial().extend({
  name: displayName.optional(),
  location: displayText.optional(),
  address: pastedAddress.optional(),
  subAddress: pastedAddress.nullable().optional(),
  password: z.string().max(500).optional(),
  motion: motionChange.optional(),
})
export type CameraChange = z.infer<typeof cameraChange>

/** What the stream really is, measured. */
export const streamFacts = z.strictObject({
  codec: z.string(),
  width: z.number().int(),
  height: z.number().int(),
  /** Frames per second received lately. */
  fps: z.number(),
  kbitPerS: z.number(),
  /** Seconds between key frames. */
  gopS: z.number(),
  audioCodec: z.string().nullable(),
  packetsLost: z.number().int(),
  framesReceived: z.number().int(),
  framesDropped: z.number().int(),
})
export type StreamFacts = z.infer<typeof streamFacts>

export const cameraStatus = z.strictObject({
  state: cameraState,
  sinceMs: timeMs,
  /** A sentence a person understands, with what to do; null while all is well. */
  problem: z.string().nullable(),
  /** Of the problem (errors.ts), where it is one of the connection; administrators only. */
  code: errorCode.nullable().optional(),
  nextTryMs: timeMs.nullable(),
  recording: z.boolean(),
  /** Somebody records by hand until then, whatever the mode; null: nobody does. */
  byHandUntilMs: timeMs.nullable(),
  motion: z.boolean(),
  /** Camera's clock minus ours, from RTCP sender reports; null where it sends none. */
  clockOffsetMs: z.number().nullable(),
  main: streamFacts.nullable(),
  sub: streamFacts.nullable(),
})
export type CameraStatus = z.infer<typeof cameraStatus>

const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
/** The key (TLS) by which a stream of a camera is known, and another that it shows now; hex SHA-256 of the public key. */
export const cameraKeyView = z.strictObject({
  stream: streamName,
  keySha256: sha256,
  sinceMs: timeMs,
  /** The camera is refused for it until an administrator trusts it. */
  shownSha256: sha256.nullable(),
  shownMs: timeMs.nullable(),
})
export type CameraKeyView = z.infer<typeof cameraKeyView>
/** POST /api/cameras/:id/trust-key: exactly the key that was looked at, not whatever is shown by then. */
export const trustKeyRequest = z.strictObject({ keySha256: sha256 })

/** A camera in an answer. `settings` is null for those who may not change it (viewers never get addresses). */
export const cameraView = z.strictObject({
  id,
  name: z.string(),
  location: z.string(),
  enabled: z.boolean(),
  order: z.number().int(),
  hasSub: z.boolean(),
  liveMode: z.enum(['auto', 'webcodecs', 'mse', 'jpeg']),
  rights: z.array(right),
  status: cameraStatus,
  settings: settings.nullable(),
  hasPassword: z.boolean(),
  /** Of cameras over TLS, for administrators. */
  keys: z.array(cameraKeyView).optional(),
})
export type CameraView = z.infer<typeof cameraView>
export const cameraList = z.strictObject({ cameras: z.array(cameraView) })

/** DELETE /api/cameras/:id?footage=keep|delete */
export const deleteCameraQuery = z.strictObject({ footage: z.enum(['keep', 'delete']).default('keep') })

/** POST /api/cameras/probe: look at an address before saving it. `cameraId` reuses that camera's stored password. */
export const probeRequest = z.strictObject({
  address: z.string().trim().min(1).max(2000),
  username: z.string().max(200).optional(),
  password: z.string().max(500).optional(),
  transport: z.enum(['tcp', 'udp']).default('tcp'),
  cameraId: id.optional(),
})
export const probeAnswer = z.strictObject({
  ok: z.boolean(),
  /** Set when ok is false: the error's code and sentence. */
  code: z.string().nullable(),
  message: z.string().nullable(),
  /** The address without credentials, as it would be stored, and the user name found in it. */
  address: z.string(),
  username: z.string().nullable(),
  codec: z.string().nullable(),
  width: z.number().int().nullable(),
  height: z.number().int().nullable(),
  audioCodec: z.string().nullable(),
  /** First picture as a data: URL (JPEG), where vision could decode it. */
  picture: z.string().nullable(),
})
export type ProbeRequest = z.infer<typeof probeRequest>
export type ProbeAnswer = z.infer<typeof probeAnswer>
