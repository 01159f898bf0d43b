/** A user's own picture: given as JPEG, kept as one that the server made from it. */
import { z } from 'zod'

export const maxAvatarBytes = 5_000_000
/** At most so many pixels wide and high, as it is kept. */
export const avatarSize = 256

/** PUT /api/me/avatar: base64 of a JPEG of at most 5 MB. Browsers turn whatever they can show into one. */
export const newAvatar = z.strictObject({
  jpeg: z
    .string()
    .min(4)
    .max(Math.ceil(maxAvatarBytes / 3) * 4)
    .regex(/^[A-Za-z0-9+/]+={0,2}$/, 'not base64'),
})
