/** The second factor of a sign-in: TOTP, passkeys, recovery codes, trusted devices. */
import { z } from 'zod'
import { id, timeMs } from './id.ts'

export const factorMethod = z.enum(['totp', 'passkey', 'recovery'])
export type FactorMethod = z.infer<typeof factorMethod>

/**
 * Answer 202 of POST /api/login: the password was right, a second factor is asked for within five minutes.
 * The stage lies in a cookie. Ten wrong codes end it.
 */
export const secondFactorNeeded = z.strictObject({ secondFactor: z.array(factorMethod), untilMs: timeMs })

/** What navigator.credentials answers, as JSON (PublicKeyCredential.toJSON); its inside is checked by the server. */
const credential = z.looseObject({
  id: z.string().max(1400),
  rawId: z.string().max(1400),
  type: z.literal('public-key'),
  response: z.record(z.string().max(50), z.unknown()),
})

/** POST /api/login/second-factor. `trustDevice`: this browser is not asked again for 30 days. */
export const secondFactorRequest = z.strictObject({
  proof: z.discriminatedUnion('method', [
    z.strictObject({ method: z.literal('totp'), code: z.string().trim().max(20) }),
    z.strictObject({ method: z.literal('recovery'), code: z.string().trim().max(100) }),
    z.strictObject({ method: z.literal('passkey'), credential }),
  ]),
  trustDevice: z.boolean().default(false),
})
export type FactorProof = z.infer<typeof secondFactorRequest>['proof']

/** Answer of POST /api/login/passkey and POST /api/me/passkeys/options: for PublicKeyCredential.parse…OptionsFromJSON. */
export const passkeyOptions = z.strictObject({ publicKey: z.record(z.string(), z.unknown()) })

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
export const newPasskey = z.strictObject({ name: z.string().trim().min(1).max(100), credential })
/** Shown once, only their hashes are kept; null: the user has some already. */
export const recoveryCodes = z.strictObject({ recoveryCodes: z.array(z.string()).nullable() })
