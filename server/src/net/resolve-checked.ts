/**
 * From the name of a host to addresses that may be connected to. The only place that asks the resolver.
 * Invariant: whoever connects uses these addresses and never the name, so the answer cannot change in between.
 */
import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { networkInterfaces } from 'node:os'
import { AppError } from '../lib/app-error.ts'
import { type EgressPolicy, judgeAddress } from './address-policy.ts'

export interface CheckedAddress {
  readonly address: string
  readonly family: 4 | 6
}

/** Replaced by tests; `host` is never a literal address. */
export type Lookup = (host: string) => Promise<readonly string[]>

const systemLookup: Lookup = async (host) => (await lookup(host, { all: true })).map((found) => found.address)

const maxAddresses = 8

/**
 * Resolves `host` (a name or an address, without brackets) and checks every answer; one refused answer refuses the
 * host. Throws address_refused, or camera_unreachable for a name that nobody knows or that takes over 5 s.
 */
export async function resolveChecked(
  host: string,
  policy: EgressPolicy,
  options: { signal?: AbortSignal; lookup?: Lookup; ownAddresses?: readonly string[] } = {},
): Promise<readonly CheckedAddress[]> {
  const texts = isIP(host) ? [host] : await find(host, options.lookup ?? systemLookup, options.signal)
  const own = options.ownAddresses ?? ownAddresses()
  const checked: CheckedAddress[] = []
  for (const text of texts) {
    const verdict = judgeAddress(text, policy, own)
    if ('refusal' in verdict) {
      throw new AppError('address_refused', `Vedette does not connect to ${host}. ${verdict.refusal}`)
    }
    checked.push(verdict)
  }
  return checked.slice(0, maxAddresses)
}

async function find(host: string, ask: Lookup, signal: AbortSignal | undefined): Promise<readonly string[]> {
  if (!/^[a-z0-9_]([a-z0-9._-]{0,252})$/i.test(host)) {
    throw new AppError('address_refused', 'Vedette does not connect there. That is not the name of a host.')
  }
  signal?.throwIfAborted()
  // The system's resolver cannot be interrupted: it is left behind, and its thread ends by its own time limit.
  const timeout = AbortSignal.timeout(5000)
  const stop = signal ? AbortSignal.any([signal, timeout]) : timeout
  const found = await new Promise<readonly string[]>((resolve, reject) => {
    stop.addEventListener('abort', () => reject(signal?.aborted ? signal.reason : unknownHost(host)), { once: true })
    ask(host).then(resolve, (cause: unknown) => reject(unknownHost(host, cause)))
  })
  if (found.length === 0) throw unknownHost(host)
  return found
}

function unknownHost(host: string, cause?: unknown): AppError {
  return new AppError(
    'camera_unreachable',
    `No machine named ${host} was found. Check the spelling or use its address.`,
    {
      cause,
    },
  )
}

/** Read at every call: interfaces come and go. */
function ownAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map((one) => one.address))
}
