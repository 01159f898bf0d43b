/** Passwords: argon2id, 19 MiB, two passes (access.md R2). At most two at once, so that a crowd of logins cannot eat the machine. */
import { randomBytes } from 'node:crypto'
import { hash, verify } from '@node-rs/argon2'

// algorithm 2 is argon2id; the package's const enum is not usable without a build step.
const cost = { algorithm: 2, memoryCost: 19 * 1024, timeCost: 2, parallelism: 1 }
const maxAtOnce = 2
const maxWaiting = 400

let running = 0
const waiting: (() => void)[] = []

export class TooBusy extends Error {}

export function hashPassword(password: string): Promise<string> {
  return inTurn(() => hash(password, cost))
}

/** `storedHash` undefined (no such user) takes the same time and answers false. */
export async function isPassword(storedHash: string | undefined, password: string): Promise<boolean> {
  const matches = await inTurn(async () => verify(storedHash ?? (await decoy()), password))
  return matches && storedHash !== undefined
}

// A hash that nobody knows the password of, made when it is first needed.
let decoyHash: Promise<string> | undefined
function decoy(): Promise<string> {
  decoyHash ??= hash(randomBytes(32).toString('hex'), cost)
  return decoyHash
}

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= maxAtOnce) {
    if (waiting.length >= maxWaiting) throw new TooBusy('too many sign-ins at once')
    await new Promise<void>((resolve) => waiting.push(resolve))
  } else running++
  try {
    return await work()
  } finally {
    const next = waiting.shift()
    if (next) next()
    else running--
  }
}
