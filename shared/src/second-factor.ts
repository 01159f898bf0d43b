/** The second factor of a sign-in: TOTP, passkeys, recovery codes, trusted devices. */
import { z } from 'zod'
import { displayName } from './display-name.ts'
import { id, timeMs } from './id.ts'

export const factorMethod = z.enum(['totp', 'passkey', 'recovery'])
export type FactorMethod = z.infer<typeof factorMethod>

/**
 * Answer 202 of POST /api/login: the password was right, a second factor is asked for within five minutes.
 * The stage lies in a cookie. Ten wrong codes end it.
 */
export const secondFactorNeeded = z.strictObject({ secondFactor: z.array(factorMethod), untilMs: timeMs })

const base64url = (max: number) =>
  z
    .string()
    .max(max)
    .regex(/^[\w-]+$/, 'not base64url')
/** What navigator.credentials answers, as PublicKeyCredential.toJSON() gives it; what browsers add is left out. */
const credentialForm = { id: base64url(1400), rawId: base64url(1400), type: z.literal('public-key') }
const clientDataJSON = base64url(10_000)
export const createdCredential = z.object({
  ...credentialForm,
  response: z.object({
    clientDataJSON,
    attestationObject: base64url(60_000),
    transports: z.array(z.string().max(30)).max(10).optional(),
  }),
})
export type CreatedCredential = z.infer<typeof createdCredential>
export const assertedCredential = z.object({
  ...credentialForm,
  response: z.object({
    clientDataJSON,
    authenticatorData: base64url(10_000),
    signature: base64url(10_000),
    userHandle: base64url(200).nullish(),
  }),
})
export type AssertedCredential = z.infer<typeof assertedCredential>

/** POST /api/login/second-factor. `trustDevice`: this browser is not asked again for 30 days. */
export const secondFactorRequest = z.strictObject({
  proof: z.discriminatedUnion('method', [
    z.strictObject({ method: z.literal('totp'), code: z.string().trim().max(20) }),
    z.strictObject({ method: z.literal('recovery'), code: z.string().trim().max(100) }),
    z.strictObject({ method: z.literal('passkey'), credential: assertedCredential }),
  ]),
  trustDevice: z.boolean().default(false),
})
export type FactorProof = z.infer<typeof secondFactorRequest>['proof']

/** Answer of POST /api/login/passkey and POST /api/me/passkeys/options: for PublicKeyCredential.parse…OptionsFromJSON. */
export const passkeyOptions = z.strictObject({ publicKey: z.looseObject({ challenge: z.string() }) })

/** GET /api/me/second-factor */
export const secondFactorState = z.strictObject({
  totp: z.boolean(),
  recoveryCodes: z.number().int(),
  /** This account cannot be without a second factor. */
  isRequired: z.boolean(),
  passkeys: z.array(
    z.strictObject({ id, name: z.string(), host: z.string(), createdMs: timeMs, lastUsedMs: timeMs.nullable() }),
  ),
  devices: z.array(
    z.strictObject({
      id,
      createdMs: timeMs,
      lastUsedMs: timeMs,
      expiresMs: timeMs,
      address: z.string(),
      userAgent: z.string(),
      isCurrent: z.boolean(),
    }),
  ),
})
export type SecondFactorState = z.infer<typeof secondFactorState>

/** Answer of POST /api/me/totp {password}: show it once, as a QR code of `uri` and as text; confirm within ten minutes. */
export const totpSetup = z.strictObject({ secret: z.string(), uri: z.string() })
/** POST /api/me/totp/confirm */
export const totpConfirm = z.strictObject({ code: z.string().trim().max(20) })
/** POST /api/me/passkeys, with the answer to the options. */
export const newPasskey = z.strictObject({ name: displayName, credential: createdCredential })
/** Shown once, only their hashes are kept; null: the user has some already. */
export const recoveryCodes = z.strictObject({ recoveryCodes: z.array(z.string()).nullable() })
