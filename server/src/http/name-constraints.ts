/**
 * Binds the local authority to names of this house (RFC 5280, 4.2.1.10): whoever steals its key cannot pass for a bank on the
 * phones that trust it. Names only: a bare address is nobody's bank, and machines change theirs.
 */

export const nameConstraintsOid = '2.5.29.30'

/** Endings that no public name has, and our own. */
export const houseNames = ['localhost', 'local', 'lan', 'home', 'internal', 'home.arpa']

const [sequence, permitted, dnsName] = [0x30, 0xa0, 0x82]

/** The extension's value (DER): DNS names that are one of `names` or end in one. */
export function encodeConstraints(names: readonly string[]): Buffer {
  const subtrees = names.map((name) => tlv(sequence, tlv(dnsName, Buffer.from(name, 'ascii'))))
  return tlv(sequence, tlv(permitted, Buffer.concat(subtrees)))
}

/** The names of an extension that encodeConstraints made. */
export function decodeConstraints(der: Uint8Array): string[] {
  const [all] = elements(Buffer.from(der))
  const [subtrees] = all ? elements(all.content) : []
  return elements(subtrees?.content ?? Buffer.alloc(0))
    .flatMap((subtree) => elements(subtree.content))
    .filter(({ tag }) => tag === dnsName)
    .map(({ content }) => content.toString('ascii'))
}

export const isPermitted = (name: string, names: readonly string[]) =>
  names.some((allowed) => name === allowed || name.endsWith(`.${allowed}`))

function tlv(tag: number, content: Buffer): Buffer {
  const { length } = content
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...size]), content])
}

function elements(der: Buffer): { tag: number; content: Buffer }[] {
  const found: { tag: number; content: Buffer }[] = []
  for (let at = 0; at + 2 <= der.length; ) {
    const [tag = 0, first = 0] = der.subarray(at)
    const more = first < 0x80 ? 0 : first & 0x7f
    const length = more === 0 ? first : der.readUIntBE(at + 2, more)
    const start = at + 2 + more
    found.push({ tag, content: der.subarray(start, start + length) })
    at = start + length
  }
  return found
}
