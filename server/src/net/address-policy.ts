/**
 * Which addresses the recorder may connect to (SECURITY.md R15). Pure: an address goes in, a verdict comes out.
 *
 * Denies by default: an address passes only when its range is named here. An IPv4 address inside an IPv6 one is judged
 * as what it is; tunnels that no camera sits behind (6to4, Teredo, ISATAP, IPv4-compatible) are refused whole.
 */
import ipaddr from 'ipaddr.js'

/**
 * For what the connection is made. Cameras live on private and public networks, and so do the ACME authorities that whoever starts
 * Vedette names; on this machine only if that is said.
 */
export interface EgressPolicy {
  readonly purpose: 'camera' | 'acme'
  readonly allowLoopback: boolean
}

export type Verdict =
  /** `address` is the plain form to connect to: a mapped address becomes the IPv4 one. */
  { readonly address: string; readonly family: 4 | 6 } | { readonly refusal: string }

const allowedRanges = new Set(['unicast', 'private', 'uniqueLocal', 'carrierGradeNat'])

/** Where clouds answer with credentials. Those in 169.254/16 fall under link-local anyway. */
const metadataAddresses = new Set([
  '169.254.169.254',
  '168.63.129.16',
  '100.100.100.200',
  'fd00:ec2::254',
  'fd00:ec2::23', // Credentials of containers (EKS).
  'fd00:42::42',
  'fd20:ce::254',
])

const refusals: Readonly<Record<string, string>> = {
  loopback: 'It is this machine itself, which only an administrator may allow.',
  linkLocal: 'It is a link-local address; give the camera an address of your network.',
  multicast: 'It is a multicast address, not a camera.',
  broadcast: 'It is a broadcast address, not a camera.',
  unspecified: 'It is not the address of any machine.',
}
const tunnelRefusal = 'It hides another address inside; write the camera’s own address.'
const otherRefusal = 'It is in a range in which no camera can be.'

/** Judges one literal address. `ownAddresses` are those of this machine, in any notation. */
export function judgeAddress(text: string, policy: EgressPolicy, ownAddresses: readonly string[]): Verdict {
  // A zone (fe80::1%eth0) would choose the interface, so it is never passed on.
  if (text.includes('%') || !ipaddr.isValid(text)) return { refusal: otherRefusal }
  if (ipaddr.IPv4.isValid(text) && !ipaddr.IPv4.isValidFourPartDecimal(text)) return { refusal: otherRefusal }
  const address = ipaddr.process(text) // Mapped IPv6 becomes the IPv4 it is.
  const isOwn = address.range() === 'loopback' || ownAddresses.some((own) => sameAddress(own, address.toString()))
  if (isOwn && !policy.allowLoopback) return { refusal: refusals.loopback ?? otherRefusal }
  if (metadataAddresses.has(address.toString())) return { refusal: otherRefusal }
  const family = address.kind() === 'ipv4' ? 4 : 6
  if (isOwn && address.range() === 'loopback') return { address: address.toString(), family }
  if (address instanceof ipaddr.IPv6) {
    const refusal = refuseIpv6(address, policy, ownAddresses)
    if (refusal) return { refusal }
  } else if (!allowedRanges.has(address.range())) {
    return { refusal: refusals[address.range()] ?? otherRefusal }
  }
  return { address: address.toString(), family }
}

function refuseIpv6(address: ipaddr.IPv6, policy: EgressPolicy, ownAddresses: readonly string[]): string | undefined {
  const parts = address.parts
  const range = address.range()
  const isGlobal = ((parts[0] ?? 0) & 0xe000) === 0x2000
  const isIsatap = parts[5] === 0x5efe && ((parts[4] ?? 0) & 0xfdff) === 0
  if (isIsatap) return tunnelRefusal
  if (range === 'rfc6052' && parts[2] === 0) {
    // NAT64: how an IPv6-only network reaches an IPv4 camera. Loopback behind a translator is never ours to allow.
    const inner = [6, 7].flatMap((i) => [(parts[i] ?? 0) >> 8, (parts[i] ?? 0) & 255]).join('.')
    const verdict = judgeAddress(inner, { ...policy, allowLoopback: false }, ownAddresses)
    return 'refusal' in verdict ? verdict.refusal : undefined
  }
  if (range === 'unicast' && !isGlobal) return tunnelRefusal // Among them ::a.b.c.d.
  if (allowedRanges.has(range)) return undefined
  return refusals[range] ?? (['6to4', 'teredo', 'rfc6145', 'rfc6052'].includes(range) ? tunnelRefusal : otherRefusal)
}

function sameAddress(own: string, address: string): boolean {
  const plain = own.split('%')[0] ?? ''
  return ipaddr.isValid(plain) && ipaddr.process(plain).toString() === address
}
