/**
 * Passwords: argon2id, 19 MiB, two passes (access.md R2). At most two at once, so that a crowd of logins cannot eat the
 * machine (each takes 19 MiB and some 25 ms of a core beside the event loop); the others wait in line, addresses by turns.
 */
import { randomBytes } from 'node:crypto'
import { hash, verify } from '@node-rs/argon2'
import { FairQueue } from '../lib/fair-queue.ts'

// algorithm 2 is argon2id; the package's const enum is not usable without a build step.
const cost = { algorithm: 2, memoryCost: 19 * 1024, timeCost: 2, parallelism: 1 }

/** 400 in line are five seconds of waiting on two cores: longer, and browsers would ask again. */
const queue = new FairQueue({ atOnce: 2, waiting: 400, waitingPerKey: 40 })

/** `from`: whose turn it takes, an address. Throws TooBusy where too many wait. */
export function hashPassword(password: string, from = ''): Promise<string> {
  return queue.run(from, () => hash(password, cost))
}

/** `storedHash` undefined (no such user) takes the same time and answers false. */
export async function isPassword(storedHash: string | undefined, password: string, from = ''): Promise<boolean> {
  const matches = await queue.run(from, () => verify(storedHash ?? decoy, password))
  return matches && storedHash !== undefined
}

const noise = (length: number) => randomBytes(length).toString('base64').replace(/=+$/, '')
/** Has the form and the cost of a stored hash; it is none of any password. Making a real one would give the first unknown name away. */
const decoy = `$argon2id$v=19$m=${cost.memoryCost},t=${cost.timeCost},p=${cost.parallelism}$${noise(16)}$${noise(32)}`
