/** Random secrets that we hand out (sessions, tokens, devices, stages): 256 bits, of which only a SHA-256 is stored. */
import { createHash, randomBytes } from 'node:crypto'

export const newSecret = () => randomBytes(32).toString('base64url')

/** No salt and no slow hash: nobody can try out 2^256 values. */
export const hashSecret = (secret: string) => createHash('sha256').update(secret).digest('hex')

/** Longer ones are none of ours. */
export const maxSecretLength = 100
