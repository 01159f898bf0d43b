/** ULIDs: 48 bits of time, 80 random bits, Crockford base 32 (github.com/ulid/spec). Order by id is order by time. */
import { randomBytes } from 'node:crypto'

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

export function newId(nowMs: number): string {
  let time = ''
  let rest = nowMs
  for (let i = 0; i < 10; i++) {
    time = alphabet.charAt(rest % 32) + time
    rest = Math.floor(rest / 32)
  }
  let random = ''
  for (const byte of randomBytes(16)) random += alphabet.charAt(byte & 31)
  return time + random
}
