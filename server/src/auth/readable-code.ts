/** Codes for people to type: 128 random bits in groups of four, without letters that look alike. */
import { randomBytes } from 'node:crypto'

const alphabet = '23456789abcdefghjkmnpqrstuvwxyz' // 31 letters: 26 of them carry 128.8 bits.
const length = 26

export function newReadableCode(): string {
  let code = ''
  while (code.length < length)
    // Bytes from 248 up would favour some letters, so they are thrown away.
    for (const byte of randomBytes(40)) if (byte < 248 && code.length < length) code += alphabet.charAt(byte % 31)
  return code
}

/** As it is shown. */
export const inGroups = (code: string) => code.match(/.{1,4}/g)?.join('-') ?? code

/** What was typed, without what people put between. */
export const plainCode = (given: string) => given.toLowerCase().replace(/[^a-z0-9]/g, '')
