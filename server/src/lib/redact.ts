/**
 * Takes secrets out of a text that is about to leave the process as a log: those that a field or a form gives away
 * (secret-fields.ts), and those that this process holds, in any encoding (secret-forms.ts). SECURITY.md R22.
 *
 * Bound:     `maxSecrets` known ones, the newest; one pass over the text.
 * The one global of the program, knowingly: whoever gets a secret into the hands says so here, and no log can be opened
 * that does not know it.
 */
import { PatternAutomaton } from './pattern-automaton.ts'
import { type Found, SecretFields, secretMarkers } from './secret-fields.ts'
import { secretForms } from './secret-forms.ts'

const mark = '[secret]'
const maxSecrets = 1500
/** Of the table: 32 MB. 256 cameras with passwords of 16 characters need 20, a few cameras less than one. */
const maxCells = 8_000_000

/** A secret that is one of these words would blot out the log's own fields. */
const ownWords = new Set(
  'level time name camera message stack error control recorder vision requestid vedette'.split(' '),
)

/** Secret -> its forms, the oldest first. */
const known = new Map<string, readonly string[]>()
let automaton: PatternAutomaton | undefined

/** From now on no log of this process shows it. Secrets of fewer than five characters cannot be looked for. */
export function rememberSecret(secret: string | Uint8Array): void {
  const name = typeof secret === 'string' ? secret : `bytes ${Buffer.from(secret).toString('base64')}`
  const before = known.get(name)
  if (before) {
    // The newest stay; the automaton is as it was.
    known.delete(name)
    known.set(name, before)
    return
  }
  const forms = secretForms(secret).filter((form) => !ownWords.has(form.toLowerCase()))
  if (forms.length === 0) return
  known.set(name, forms)
  for (const oldest of known.keys()) {
    if (known.size <= maxSecrets) break
    known.delete(oldest)
  }
  automaton = undefined
}

/** The text without secrets; the same text when there is none in it. JSON stays JSON. */
export function redact(text: string): string {
  automaton ??= new PatternAutomaton([...secretMarkers.map(([marker]) => marker), ...newestForms()])
  const fields = new SecretFields(text)
  const found: Found[] = []
  let coveredTo = 0
  const cover = (one: Found) => {
    if (one.end <= one.start) return
    found.push(one)
    coveredTo = Math.max(coveredTo, one.end)
  }
  automaton.scan(text, (pattern, start, end) => {
    const kind = secretMarkers[pattern]?.[1]
    if (kind === undefined) cover({ start: wholeEscape(text, start), end })
    else if (end > coveredTo) {
      const secret = fields.find(kind, end)
      if (secret) cover(secret)
    }
  })
  return found.length === 0 ? text : blotOut(text, found)
}

/** The forms of as many known secrets, the newest first, as the table has room for. */
function newestForms(): string[] {
  const forms: string[] = []
  const units = new Set<string>()
  let length = 1000 // The markers.
  for (const ofOne of [...known.values()].reverse()) {
    for (const form of ofOne) {
      length += form.length
      for (const unit of form.toLowerCase()) units.add(unit)
    }
    if (length * Math.min(units.size, 250) > maxCells) break
    forms.push(...ofOne)
  }
  return forms
}

/** A match may begin within an escape (the n of \n): then all of it goes, or the rest would be no JSON. */
function wholeEscape(text: string, start: number): number {
  for (let at = start - 1; at >= Math.max(0, start - 5); at--) {
    if (text[at] !== '\\') continue
    let run = 1
    while (text[at - run] === '\\') run += 1
    const inside = text.slice(at + 1, start)
    return run % 2 === 1 && (inside === '' || /^u[0-9a-f]{0,3}$/i.test(inside)) ? at : start
  }
  return start
}

function blotOut(text: string, found: Found[]): string {
  found.sort((a, b) => a.start - b.start)
  const pieces: string[] = []
  let at = 0
  for (const { start, end } of found) {
    if (end <= at) continue
    // A part that goes on into the next one is one secret.
    if (start > at || pieces.length === 0)
      pieces.push(text.slice(at, start), isJsonValue(text, start) ? `"${mark}"` : mark)
    at = end
  }
  return pieces.join('') + text.slice(at)
}

/** A list or a number as JSON's own value, not one that some text quotes: what takes its place must be quoted. */
function isJsonValue(text: string, start: number): boolean {
  const at = text[start - 1] === '[' ? start - 1 : start
  const isBare = /[\d"-]/.test(text[start] ?? '') && (at < start || text[start] !== '"')
  return isBare && text[at - 1] === ':' && text[at - 2] === '"' && text[at - 3] !== '\\'
}
