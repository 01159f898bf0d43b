/**
 * Names that people give and others read: normalised (NFC), without what cannot be seen or turns the text around.
 * A name with such a character could look like another's, break a log's line or hide an ending.
 */
import { z } from 'zod'

/** Controls, halves of characters, line separators, marks of direction, and spaces without width. */
const unreadable = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\u200b\u2060-\u2064\ufeff\ufff9-\ufffb]/u
/** For names that say who somebody is, also what only joins or varies letters: two names must not look the same. */
const invisible = /[\p{Cc}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/u

const hint = 'has characters in it that cannot be seen'

/** Up to 100 characters, perhaps none. Emoji and scripts that need joiners are welcome. */
export const displayText = z
  .string()
  .trim()
  .max(400)
  .normalize('NFC')
  .max(100)
  .refine((text) => !unreadable.test(text), { message: hint })

/** The same, with at least one character. */
export const displayName = displayText.min(1)

/** The same for names that people sign in with. */
export const signInName = displayName.refine((text) => !invisible.test(text), { message: hint })
