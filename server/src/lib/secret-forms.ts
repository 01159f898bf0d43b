/** The forms in which a secret may turn up in a text: as it is, normalized, percent-encoded, escaped for JSON or XML, base64, hex. Pure. */

/** Shorter ones are too much like words and numbers: looking for them would blot out half of the log. */
export const leastSecretLength = 5
const leastFormLength = 5
/** A longer secret is looked for in pieces. */
const pieceLength = 48

/** Without duplicates. None for a secret that is too short. Lower and upper case are the same to whoever looks for them. */
export function secretForms(secret: string | Uint8Array): readonly string[] {
  const forms = typeof secret === 'string' ? spellings(secret).flatMap(textForms) : byteForms(Buffer.from(secret))
  return [...new Set(forms)].filter((form) => form.length >= leastFormLength)
}

/** é is one character or an e with an accent behind it; keyboards, phones and systems of files differ. One for plain letters. */
function spellings(secret: string): string[] {
  return [...new Set([secret, ...['NFC', 'NFD', 'NFKC', 'NFKD'].map((form) => secret.normalize(form))])]
}

function textForms(secret: string): string[] {
  if (secret.length < leastSecretLength) return []
  return piecesOf(secret).flatMap((piece) => {
    const bytes = Buffer.from(piece)
    const json = jsonEscaped(piece)
    const units = [...Array(piece.length).keys()].map((i) => hex4(piece.charCodeAt(i)))
    const percent = encodeURIComponent(piece.toWellFormed())
    const inspected = json.replaceAll('\\"', '"')
    const xml = xmlEscaped(piece)
    return [
      piece,
      json,
      jsonEscaped(json),
      jsonEscaped(jsonEscaped(json)),
      inspected,
      jsonEscaped(inspected),
      units.map((unit) => `\\u${unit}`).join(''),
      units.map((unit) => `\\\\u${unit}`).join(''),
      json.replace(/[^ -~]/g, (char) => `\\u${hex4(char.charCodeAt(0))}`),
      json.replaceAll('/', '\\/'),
      jsonEscaped(json.replaceAll('/', '\\/')),
      percent,
      encodeURI(piece.toWellFormed()),
      ...addressForms(piece).flatMap((form) => [form, jsonEscaped(form)]),
      percent.replaceAll('%20', '+'),
      escaped(piece),
      new URLSearchParams({ q: piece }).toString().slice(2),
      [...bytes].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
      xml,
      jsonEscaped(xml),
      bytes.toString('hex'),
      ...base64Forms(bytes),
      ...base64Forms(inUtf16(piece)),
      ...(json === piece ? [] : base64Forms(Buffer.from(json))), // A body that was packed as a whole.
    ]
  })
}

/** As addresses hold it: there each part leaves other characters as they are. */
function addressForms(piece: string): string[] {
  const url = new URL('http://host/')
  url.pathname = `/${piece}`
  url.search = `?${piece}`
  return [url.pathname.slice(1), url.search.slice(1)]
}

function byteForms(bytes: Buffer): string[] {
  if (bytes.length < 8) return []
  const hex = bytes.toString('hex')
  return [hex, hex.replace(/..(?=.)/g, '$& '), bytes.join(','), bytes.join(', '), ...base64Forms(bytes)]
}

/** What stays the same wherever in a longer base64 text the bytes begin. */
function base64Forms(bytes: Buffer): string[] {
  return [0, 1, 2].flatMap((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replace(/=+$/, '')
    const first = Math.ceil((before * 8) / 6)
    const last = Math.floor(((before + bytes.length) * 8) / 6)
    const kept = text.slice(first, last)
    return [kept, kept.replaceAll('+', '-').replaceAll('/', '_')]
  })
}

/** Without the byte that is last in one order and first in the other: then it is found in both, where letters are plain. */
function inUtf16(piece: string): Buffer {
  return Buffer.from(piece, 'utf16le').subarray(0, -1)
}

/** As the old escape() of JavaScript does. */
const escaped = (piece: string) =>
  piece.replace(/[^\w@*+\-./]/g, (char) => {
    const code = hex4(char.charCodeAt(0))
    return code.startsWith('00') ? `%${code.slice(2)}` : `%u${code}`
  })

function piecesOf(secret: string): string[] {
  const pieces: string[] = []
  // A key in PEM has line ends, which every encoding writes in its own way.
  for (const line of secret.split(/\r?\n/)) {
    if (line.length < leastSecretLength || line.startsWith('-----')) continue
    for (let at = 0; at < line.length; at += pieceLength)
      pieces.push(line.slice(Math.max(0, Math.min(at, line.length - leastSecretLength)), at + pieceLength))
  }
  return pieces
}

const jsonEscaped = (text: string) => JSON.stringify(text).slice(1, -1)
const hex4 = (unit: number) => unit.toString(16).padStart(4, '0')
const xmlEscaped = (text: string) =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
