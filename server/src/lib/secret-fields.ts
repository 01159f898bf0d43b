/**
 * Where a text names a secret, and how far the secret goes: fields, headers, addresses with credentials, tokens, private keys.
 * Reads JSON, JSON within JSON, headers, queries and plain sentences. Pure; time linear in the text (`SecretFields` remembers
 * how far it has looked).
 */

type Kind =
  | 'field'
  | 'header'
  | 'address'
  | 'encoded address'
  | 'scheme'
  | 'token'
  | 'pem'
  | 'bytes'
  | 'hex'
  | 'numbered'

/** What to look for, in lower case, and what kind of secret follows. */
export const secretMarkers: readonly (readonly [string, Kind])[] = [
  ...['password', 'passwd', 'passphrase', 'secret', 'token', 'credential', 'pwd', 'apikey', 'api_key', 'api-key'].map(
    (name) => [name, 'field'] as const,
  ),
  ...['privatekey', 'private_key', 'recoverycode', 'recovery_code', 'totp', 'setupcode', 'set_up_code'].map(
    (name) => [name, 'field'] as const,
  ),
  ...['authorization', 'cookie'].map((name) => [name, 'header'] as const),
  ['://', 'address'],
  ['%3a%2f%2f', 'encoded address'],
  ...['bearer ', 'basic '].map((name) => [name, 'scheme'] as const),
  ['vdt_', 'token'],
  ['private key-----', 'pem'],
  // Bytes as JSON and Node's inspect write them: nobody reads a secret in them, until somebody does.
  ['buffer', 'bytes'],
  ['uint8array', 'bytes'],
  ['<buffer ', 'hex'],
  ['{"0":', 'numbered'],
  ['{\\"0\\":', 'numbered'],
]

export interface Found {
  readonly start: number
  readonly end: number
}

const longestName = 24
const longestUserInfo = 1024
/** What a field may be called behind the word and hold no secret. */
const harmlessEndings = /^(?:ids?|ms|at|count|length|kind|type|name|policy|needed|_?until)$/i

export class SecretFields {
  readonly #text: string
  #nextAt = -1
  #nextEnd = -1

  constructor(text: string) {
    this.#text = text
  }

  /** The secret that the marker ending at `end` announces, if there is one. Call with growing ends. */
  find(kind: Kind, end: number): Found | undefined {
    switch (kind) {
      case 'field':
      case 'header':
        return this.#findValue(end, kind)
      case 'address':
        return this.#findUserInfo(end)
      case 'encoded address':
        return this.#findRun(/(?:[\w.~!*'()-]|%(?!40|2f|22))*%40/iy, end)
      case 'scheme':
        return this.#findRun(/[\w.~+/=-]{12,}/y, end)
      case 'token':
        return this.#findRun(/[\w-]{8,}/y, end)
      case 'bytes':
        return this.#findBytes(end, /\\{0,16}",\\{0,16}"data\\{0,16}":\[|\(\d{1,10}\) \[/y, '0123456789, \n\\n')
      case 'hex':
        return this.#findBytes(end, /(?=[0-9a-f]{2}[ >])/iy, '0123456789abcdefABCDEF ')
      case 'numbered':
        return this.#findBytes(end, /(?=\d{1,3},\\{0,16}"1\\{0,16}":\d)/y, '0123456789,":\\')
      default:
        return { start: end, end: endOfPem(this.#text, end) }
    }
  }

  #findRun(pattern: RegExp, start: number): Found | undefined {
    pattern.lastIndex = start
    const found = pattern.exec(
      this.#text.length - start > longestRun ? this.#text.slice(0, start + longestRun) : this.#text,
    )
    return found ? { start, end: start + found[0].length } : undefined
  }

  /** Where `head` stands, all behind it that is one of these characters. */
  #findBytes(end: number, head: RegExp, chars: string): Found | undefined {
    head.lastIndex = end
    if (!head.test(this.#text)) return undefined
    const start = Math.max(end, head.lastIndex)
    let at = start
    while (at < this.#text.length && chars.includes(this.#text[at] ?? 'x')) at += 1
    return { start, end: at }
  }

  /** `user:password@` before the host; a password may hold an @, but nothing that ends an address. */
  #findUserInfo(start: number): Found | undefined {
    const text = this.#text
    if (this.#nextAt !== Number.POSITIVE_INFINITY && this.#nextAt < start) {
      const at = text.indexOf('@', start)
      this.#nextAt = at === -1 ? Number.POSITIVE_INFINITY : at
    }
    if (this.#nextAt - start > longestUserInfo) return undefined
    if (this.#nextEnd < start) {
      this.#nextEnd = start
      while (this.#nextEnd < text.length && !endsAuthority(text.charCodeAt(this.#nextEnd))) this.#nextEnd += 1
    }
    if (this.#nextAt > this.#nextEnd) return undefined
    return { start, end: text.lastIndexOf('@', this.#nextEnd - 1) }
  }

  #findValue(end: number, kind: 'field' | 'header'): Found | undefined {
    const text = this.#text
    let at = end
    while (at < text.length && at - end < longestName && isNameUnit(text.charCodeAt(at))) at += 1
    if (at > end && harmlessEndings.test(text.slice(end, at))) return undefined
    at = skip(text, at, '\\')
    if (isQuote(text[at])) at += 1
    at = skip(text, at, ' ')
    if (text[at] === ':' || text[at] === '=') at += text[at + 1] === '>' ? 2 : 1
    else if (/^%3[ad]/i.test(text.slice(at, at + 3))) at += 3
    else return undefined
    at = skip(text, at, ' ')
    return this.#valueAt(at, kind)
  }

  #valueAt(from: number, kind: 'field' | 'header'): Found | undefined {
    const text = this.#text
    const opening = skip(text, from, '\\')
    const quote = text[opening]
    if (isQuote(quote)) return { start: opening + 1, end: endOfQuoted(text, opening + 1, quote, opening - from) }
    if (
      text[from] === '{' ||
      (/[tfnu]/.test(quote ?? '') && /^(?:true|false|null|undefined)\b/.test(text.slice(from, from + 10)))
    )
      return undefined
    if (text[from] === '[') {
      const close = text.indexOf(']', from)
      const start = from + 1
      if (close === start || text[start] === '{') return undefined
      // Inside JSON the brackets must stay, and something that is JSON between them.
      return { start, end: close === -1 ? text.length : close }
    }
    let end = from
    const isEnd = kind === 'header' ? endsLine : endsWord
    while (end < text.length && !isEnd(text, end)) end += 1
    return end > from ? { start: from, end } : undefined
  }
}

const longestRun = 4096

const isQuote = (char: string | undefined): char is '"' | "'" => char === '"' || char === "'"
/** By character: 1 ends the host's part of an address, 2 belongs to a name. */
const units = new Uint8Array(128)
for (let unit = 0; unit <= 0x20; unit++) units[unit] = 1
for (const char of '/?#"\'\\<>') units[char.charCodeAt(0)] = 1
for (const char of 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-') units[char.charCodeAt(0)] = 2
const endsAuthority = (unit: number) => units[unit] === 1
const isNameUnit = (unit: number) => units[unit] === 2

function skip(text: string, from: number, char: string): number {
  let at = from
  while (text[at] === char && at - from < 16) at += 1
  return at
}

/**
 * The quote that closes has as many backslashes before it as the one that opened; more of them are backslashes of the value.
 * Fewer: a text around it ends.
 */
function endOfQuoted(text: string, from: number, quote: string, backslashes: number): number {
  let run = 0
  for (let at = from; at < text.length; at++) {
    const char = text[at]
    if (char === '\\') run += 1
    else {
      if (char === quote && (run % (2 * backslashes + 2) === backslashes || run < backslashes))
        return at - Math.min(run, backslashes)
      if (char === '"' && quote !== '"' && run === 0) return at // The record's own string ends.
      run = 0
    }
  }
  return text.length
}

/** An unquoted header goes to the end of its line, or of the text that it stands in. */
function endsLine(text: string, at: number): boolean {
  const char = text[at]
  if (char === '"') return text[at - 1] !== '\\'
  return char === '\n' || char === '\r' || (char === '\\' && (text[at + 1] === 'r' || text[at + 1] === 'n'))
}
function endsWord(text: string, at: number): boolean {
  return ' \t\n\r,;&"\'\\})]'.includes(text[at] ?? '')
}

function endOfPem(text: string, from: number): number {
  const dashes = text.indexOf('-----', from)
  const quote = text.indexOf('"', from)
  const ends = [dashes, quote].filter((end) => end !== -1)
  return ends.length > 0 ? Math.min(...ends) : text.length
}
