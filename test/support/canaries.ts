/**
 * Secrets that are put in, and looked for wherever they must not come out: in every encoding. Written apart from the server's
 * own list of forms (lib/secret-forms.ts), so that a mistake there is not made here, too.
 */

/** Where a text was caught, e.g. 'GET /api/me' or a file's path. */
export interface Catch {
  readonly where: string
  readonly bytes: Buffer
}

interface Canary {
  readonly name: string
  readonly forms: readonly (readonly [string, Buffer])[]
  /** Places, or beginnings of places, where it may be: the deliberate exits. */
  readonly mayBeIn: readonly string[]
}

/** A shorter piece of text would be found by chance. */
const leastBytes = 7

export class Canaries {
  readonly #canaries: Canary[] = []

  get names(): readonly string[] {
    return [...new Set(this.#canaries.map(({ name }) => name))]
  }

  /** `mayBeIn`: how the places begin in which it is allowed. */
  add(name: string, secret: string | Buffer, mayBeIn: readonly string[] = []): void {
    this.#canaries.push({ name, forms: formsOf(secret), mayBeIn })
  }

  /** 'name as form in place' for everything that is where it must not be. */
  findLeaks(caught: Iterable<Catch>): string[] {
    const leaks: string[] = []
    for (const { where, bytes } of caught)
      for (const { name, forms, mayBeIn } of this.#canaries) {
        if (mayBeIn.some((place) => where.startsWith(place))) continue
        const form = forms.find(([, one]) => bytes.includes(one))
        if (form) leaks.push(`${name} as ${form[0]} in ${where}`)
      }
    return leaks
  }
}

/** Name and bytes of each form. */
export function formsOf(secret: string | Buffer): [string, Buffer][] {
  const bytes = Buffer.from(secret)
  const forms: [string, string | Buffer][] = [
    ['raw', bytes],
    ['hex', bytes.toString('hex')],
    ['HEX', bytes.toString('hex').toUpperCase()],
    ['spaced hex', [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' ')],
    ['list of numbers', [...bytes].join(',')],
    ['all percent', percent(bytes, 16)],
    ['all PERCENT', percent(bytes, 16).toUpperCase()],
  ]
  forms.push(...base64Of(bytes, 'base64'))
  if (typeof secret === 'string') {
    const units = Array.from({ length: secret.length }, (_, i) => secret.charCodeAt(i).toString(16).padStart(4, '0'))
    const json = JSON.stringify(secret).slice(1, -1)
    const uri = encodeURIComponent(secret)
    forms.push(
      ...base64Of(Buffer.from(json), 'base64 of JSON'),
      ['JSON', json],
      ['JSON in JSON', JSON.stringify(json).slice(1, -1)],
      ['ASCII JSON', json.replace(/[^ -~]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)],
      ['unicode escapes', units.map((unit) => `\\u${unit}`).join('')],
      ['UNICODE escapes', units.map((unit) => `\\u${unit.toUpperCase()}`).join('')],
      ['URI component', uri],
      ['uri component', uri.replace(/%../g, (part) => part.toLowerCase())],
      ['form', new URLSearchParams({ x: secret }).toString().slice(2)],
      ['URI', encodeURI(secret)],
      ['HTML', secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')],
      ['UTF-16LE', Buffer.from(secret, 'utf16le')],
      ['UTF-16BE', Buffer.from(secret, 'utf16le').swap16()],
    )
  }
  return forms
    .map(([name, form]): [string, Buffer] => [name, Buffer.from(form)])
    .filter(([, form]) => form.length >= leastBytes)
}

const percent = (bytes: Buffer, radix: number) =>
  [...bytes].map((byte) => `%${byte.toString(radix).padStart(2, '0')}`).join('')

/** Wherever in a longer text the bytes begin; only characters that no byte beside the secret has a part in. */
function base64Of(bytes: Buffer, name: string): [string, string][] {
  return [0, 1, 2].flatMap((shift): [string, string][] => {
    const padded = Buffer.concat([Buffer.alloc(shift, 0x41), bytes])
      .toString('base64')
      .replaceAll('=', '')
    const kept = padded.slice(Math.ceil((shift * 4) / 3), Math.floor(((shift + bytes.length) * 4) / 3))
    return [
      [`${name} at ${shift}`, kept],
      [`${name}, url, at ${shift}`, kept.replaceAll('+', '-').replaceAll('/', '_')],
    ]
  })
}
