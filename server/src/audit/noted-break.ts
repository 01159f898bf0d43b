/**
 * The entry that tells that the log is not as it was left: entries cut off, or the file that would tell. Pure.
 * It is in the chain for good, so that whoever cuts the log has to hide this one as well.
 */
import type { AuditEntry } from '@vedette/shared/audit.ts'
import { z } from 'zod'
import type { SeenEnd } from './audit-head.ts'
import type { ChainEnd } from './audit-store.ts'

const detail = z.discriminatedUnion('why', [
  z.object({ why: z.literal('cut'), fromSeq: z.number(), toSeq: z.number() }),
  z.object({ why: z.literal('replaced'), seq: z.number() }),
  z.object({ why: z.literal('end_damaged') }),
  z.object({ why: z.literal('end_unsigned') }),
  z.object({ why: z.literal('end_gone') }),
])
type Break = z.infer<typeof detail>

/** Undefined while the log ends where it was seen to end, or further on. */
export function noteOfBreak(seen: SeenEnd | undefined, last: ChainEnd | undefined): AuditEntry | undefined {
  const found = seen && findBreak(seen, last)
  return found && { kind: 'audit.broken', userId: null, username: '', address: '', detail: found }
}

/** The sentence for such an entry. */
export function tellBreak(seq: number, atMs: number, detailText: string): string {
  const found = detail.safeParse(JSON.parse(detailText)).data
  return `Entry ${seq} of ${new Date(atMs).toISOString()}: ${found ? sentences(found) : 'the log was not as it was left.'}`
}

function findBreak(seen: SeenEnd, last: ChainEnd | undefined): Break | undefined {
  if (seen === 'gone') return last && { why: 'end_gone' }
  if (seen === 'damaged') return { why: 'end_damaged' }
  if (seen === 'unsigned') return { why: 'end_unsigned' }
  const lastSeq = last?.seq ?? 0
  if (lastSeq < seen.seq) return { why: 'cut', fromSeq: lastSeq + 1, toSeq: seen.seq }
  return last?.seq === seen.seq && last.hash !== seen.hash ? { why: 'replaced', seq: seen.seq } : undefined
}

function sentences(found: Break): string {
  if (found.why === 'cut') return `entries ${found.fromSeq} to ${found.toSeq} had been cut off before it.`
  if (found.why === 'replaced') return `entry ${found.seq} had been replaced by another.`
  return `audit-head.json had been ${states[found.why]}, so whether entries had been cut off before it cannot be told.`
}

const states = {
  end_gone: 'missing',
  end_damaged: 'damaged, of another database or not written by Vedette',
  end_unsigned: 'of an earlier Vedette, unsigned',
}
