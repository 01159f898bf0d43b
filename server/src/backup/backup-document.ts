/**
 * What a backup holds, version 1: one JSON document, configuration only, secrets in clear (the file around it is encrypted).
 * A later version reads what an earlier one wrote; the other way round is refused.
 *
 * Not here: what must fit together in it (check-document.ts), the file around it (age.ts).
 */
import { cameraSettings, streamName } from '@vedette/shared/camera.ts'
import { displayName, signInName } from '@vedette/shared/display-name.ts'
import { id, timeMs } from '@vedette/shared/id.ts'
import { languageChoice } from '@vedette/shared/language.ts'
import { timeZone } from '@vedette/shared/local-time.ts'
import { accountPolicy, email, grant, profileChange, rights } from '@vedette/shared/user.ts'
import { z } from 'zod'

export const documentVersion = 1

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'not a hash')
const base64url = (max: number) =>
  z
    .string()
    .max(max)
    .regex(/^[\w-]+$/, 'not base64url')

/** Ours, with no more work in it than a sign-in should cost: a forged one must not eat the machine, nor be a weak one. */
const passwordHash = z
  .string()
  .max(200)
  .regex(
    /^\$argon2id\$v=19\$m=\d{5,6},t=\d{1,2},p=[1-4]\$[A-Za-z0-9+/]{16,64}\$[A-Za-z0-9+/]{32,88}$/,
    'not a hash of ours',
  )
  .refine((hash) => {
    const [, memoryKiB, passes] = /m=(\d+),t=(\d+)/.exec(hash) ?? []
    return (
      Number(memoryKiB) >= 19 * 1024 && Number(memoryKiB) <= 256 * 1024 && Number(passes) >= 2 && Number(passes) <= 10
    )
  }, 'not a hash of ours')

const passkey = z.strictObject({
  id,
  credentialId: base64url(1400),
  publicKey: base64url(4000),
  counter: z.number().int().min(0).max(0xffff_ffff),
  transports: z.array(z.string().max(30)).max(10),
  host: z.string().max(255),
  name: displayName,
  createdMs: timeMs,
})

const user = z.strictObject({
  id,
  username: signInName,
  passwordHash,
  role: z.enum(['admin', 'viewer']),
  language: languageChoice.catch('auto'),
  disabled: z.boolean(),
  createdMs: timeMs,
  email: email.nullable(),
  defaultPage: profileChange.shape.defaultPage.unwrap(),
  needsSecondFactor: z.boolean(),
  grants: z.array(grant).max(500),
  /** Base32, and the newest step that was accepted. */
  totp: z
    .strictObject({
      secret: z.string().regex(/^[A-Z2-7]{16,128}$/, 'not a TOTP secret'),
      lastStep: z.number().int().min(0).max(1e9),
    })
    .nullable(),
  passkeys: z.array(passkey).max(20),
  recoveryCodes: z.array(sha256).max(10),
  /** The user's picture, a small JPEG of our own making. */
  avatar: z
    .strictObject({
      id,
      jpeg: z
        .string()
        .max(100_000)
        .regex(/^[A-Za-z0-9+/]+=*$/, 'not base64'),
    })
    .nullable(),
})
export type BackedUpUser = z.infer<typeof user>

const role = z.strictObject({
  id,
  name: displayName,
  rights,
  needsSecondFactor: z.boolean(),
  createdMs: timeMs,
})
const group = z.strictObject({ id, name: displayName, cameras: z.array(id).max(256), createdMs: timeMs })
/** The public key that a camera over TLS is trusted by. */
const cameraKey = z.strictObject({ stream: streamName, keySha256: sha256, sinceMs: timeMs })
const camera = z.strictObject({
  id,
  settings: cameraSettings,
  password: z.string().max(500).nullable(),
  keys: z.array(cameraKey).max(2),
  createdMs: timeMs,
})
const token = z.strictObject({
  id,
  userId: id,
  tokenHash: sha256,
  name: displayName,
  rights,
  /** Null: all that its user may use. */
  cameras: z.array(id).max(256).nullable(),
  createdMs: timeMs,
  expiresMs: timeMs,
})
/** The rules only: a restore makes no storage root, and `path` is compared, never opened. */
const volume = z.strictObject({
  id,
  name: displayName,
  path: z.string().min(1).max(4096),
  quotaBytes: z.number().int().min(0).max(1e15).nullable(),
  reserveShare: z.number().min(0.01).max(0.5),
})
const settings = z.strictObject({
  policy: accountPolicy,
  /** Null: the host's. */
  timeZone: timeZone.nullable(),
  automaticBackup: z.strictObject({
    isOn: z.boolean(),
    everyHours: z.number().int().min(1).max(720),
    keep: z.number().int().min(1).max(100),
    passphrase: z.string().min(12).max(1024).nullable(),
  }),
})

/** The configuration, as it is in a database or in a backup. Lists are in the order of their ids. */
export const configuration = z.strictObject({
  users: z.array(user).max(1000),
  roles: z.array(role).max(100),
  groups: z.array(group).max(200),
  cameras: z.array(camera).max(256),
  tokens: z.array(token).max(20_000),
  volumes: z.array(volume).max(100),
  settings,
})
export type Configuration = z.infer<typeof configuration>

export const backupDocument = z.strictObject({
  format: z.literal('vedette-backup'),
  version: z.literal(documentVersion),
  madeMs: timeMs,
  /** Version of the program. */
  madeBy: z.string().max(50),
  /** Where the audit log ended: a log that lacks this entry later was cut, or is another one. */
  auditEnd: z.strictObject({ seq: z.number().int().min(1), hash: sha256 }).nullable(),
  configuration,
})
export type BackupDocument = z.infer<typeof backupDocument>

/** Read before everything else, so that a newer form is called newer and not wrong. */
export const documentHead = z.object({
  format: z.literal('vedette-backup'),
  version: z.number().int().min(1),
  madeBy: z.string().max(50).catch(''),
})
