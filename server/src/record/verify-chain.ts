/** Follows the hashes by which each segment of a stream names the one before it. */
import type { Link, Trouble } from './verify-file.ts'

export interface ChainState {
  previous: Link | undefined
  /** Hashes of the last segments, to tell a swapped neighbour from one that is gone. */
  readonly recent: string[]
  /** Segments that name no predecessor. */
  starts: number
  /** Receipts of this camera exist: then even the oldest segment's predecessor must have one. */
  readonly hasReceipts: boolean
}

const maxRecent = 1000

export function newChain(hasReceipts: boolean): ChainState {
  return { previous: undefined, recent: [], starts: 0, hasReceipts }
}

/**
 * Takes the next link of the chain; what is wrong with it, if anything. `wasDeleted(sinceMs)` says whether receipts explain that
 * footage between then and the link is not there any more; undefined: of what was the oldest nothing is known.
 */
export async function checkLink(
  chain: ChainState,
  link: Link,
  wasDeleted: (sinceMs: number | undefined) => Promise<boolean>,
): Promise<Trouble | undefined> {
  const { previous } = chain
  chain.previous = link
  chain.recent.push(link.sha256)
  if (chain.recent.length > maxRecent) chain.recent.shift()
  if (link.prevSha256 === '') {
    chain.starts++
    return undefined
  }
  if (previous?.sha256 === link.prevSha256) return undefined
  if (chain.recent.includes(link.prevSha256))
    return { kind: 'reordered', why: 'the segment that it names as its predecessor lies elsewhere in time' }
  if (!previous && !chain.hasReceipts) {
    chain.starts++
    return undefined
  }
  if (await wasDeleted(previous?.endMs)) return undefined
  return { kind: 'missing', why: 'the segment before it is gone, and no rule of retention deleted it' }
}
