/** API tokens: for programs, sent as `X-API-Key` or `Authorization: Bearer`. They see cameras as a viewer does. */
import { z } from 'zod'
import { displayName } from './display-name.ts'
import { id, timeMs } from './id.ts'
import { rights } from './user.ts'

/** POST /api/me/tokens. What the token may do is the overlap of this and what its user may do at the time of use. */
export const newToken = z.strictObject({
  name: displayName,
  rights,
  /** Null: all cameras that the user may use. */
  cameras: z.array(id).min(1).max(256).nullable().default(null),
  days: z.number().int().min(1).max(3650).default(90),
})
export const tokenView = z.strictObject({
  id,
  userId: id,
  username: z.string(),
  name: z.string(),
  rights,
  cameras: z.array(id).nullable(),
  createdMs: timeMs,
  expiresMs: timeMs,
  lastUsedMs: timeMs.nullable(),
  lastAddress: z.string().nullable(),
})
export type TokenView = z.infer<typeof tokenView>
/** GET /api/me/tokens; GET /api/tokens (administrators: everybody's). */
export const tokenList = z.strictObject({ tokens: z.array(tokenView) })
/** Answer of POST /api/me/tokens: the only time that the token is shown. */
export const madeToken = z.strictObject({ token: z.string(), view: tokenView })
