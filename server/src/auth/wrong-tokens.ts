/**
 * Wrong API tokens, counted for each address (/64 of IPv6): in memory, and from there into the database at most every few
 * seconds and at the end, all together, so that the count outlives a restart (access.md R7) and guessing costs no writing.
 * Bound: addresses beyond `maxAddresses` share one count.
 */
import type { Db } from '../db/database.ts'
import type { Clock } from '../lib/clock.ts'
import { addAttempts, addressSubject, type Count, passwordLimit, readCount } from './attempt-store.ts'

const maxAddresses = 1000
const writeEveryMs = 5000

interface Counted extends Count {
  /** Not in the database yet. */
  readonly unwritten: number
}

export class WrongTokens {
  readonly #db: Db
  readonly #clock: Clock
  readonly #counts = new Map<string, Counted>()
  #writtenMs = Number.NEGATIVE_INFINITY

  constructor(db: Db, clock: Clock) {
    this.#db = db
    this.#clock = clock
  }

  /** Counts one; false: more than are answered in a minute. */
  async count(address: string): Promise<boolean> {
    const nowMs = this.#clock.nowMs()
    const subject = this.#subjectFor(address, nowMs)
    const stored = this.#living(subject, nowMs) ?? (await readCount(this.#db, subject, nowMs))
    // Somebody else may have been quicker while the database was asked.
    const { attempts, startMs, unwritten } = this.#living(subject, nowMs) ??
      (stored && { ...stored, unwritten: 0 }) ?? { attempts: 0, startMs: nowMs, unwritten: 0 }
    this.#counts.set(subject, { attempts: attempts + 1, startMs, unwritten: unwritten + 1 })
    if (this.#clock.monotonicMs() - this.#writtenMs >= writeEveryMs) await this.#write(nowMs)
    return attempts < passwordLimit.attempts
  }

  /** Writes what is not in the database yet. */
  async close(): Promise<void> {
    await this.#write(this.#clock.nowMs())
  }

  #living(subject: string, nowMs: number): Counted | undefined {
    const counted = this.#counts.get(subject)
    return counted && isOver(counted, nowMs) ? undefined : counted
  }

  #subjectFor(address: string, nowMs: number): string {
    const subject = `token:${addressSubject(address)}`
    if (this.#counts.has(subject) || this.#counts.size < maxAddresses) return subject
    for (const [other, counted] of this.#counts) if (isOver(counted, nowMs)) this.#counts.delete(other)
    return this.#counts.size < maxAddresses ? subject : 'token:others'
  }

  async #write(nowMs: number): Promise<void> {
    this.#writtenMs = this.#clock.monotonicMs()
    const unwritten = [...this.#counts].filter(([, { unwritten: more }]) => more > 0)
    for (const [subject, counted] of unwritten) this.#counts.set(subject, { ...counted, unwritten: 0 })
    if (unwritten.length === 0) return
    const rows = unwritten.map(([subject, counted]) => ({ ...counted, subject, attempts: counted.unwritten }))
    await addAttempts(this.#db, rows, nowMs)
  }
}

const isOver = ({ startMs }: Count, nowMs: number) => nowMs - startMs >= passwordLimit.windowMs
