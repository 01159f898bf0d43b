/**
 * The log as it may be given to others: cleaned once more of every secret known by now, and addresses and e-mail addresses
 * under names that stay the same within the file.
 */
import ipaddr from 'ipaddr.js'
import { redact } from '../lib/redact.ts'

const maxNames = 10_000
const ipv4 = /\b(?:\d{1,3}\.){3}\d{1,3}\b/g
const colons = /(?<![\w:])[0-9a-f:]{3,39}(?![\w:])/gi
const mail = /[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}/g

/** One for each file: it remembers which address has which name. */
export function sanitizer(): (line: string) => string {
  const names = new Map<string, string>()
  const rename = (kind: string) => (value: string) => {
    if (kind === 'address' && /^(?:127\.|0\.0\.0\.0|::1?$)/.test(value)) return value
    const known = names.get(value)
    if (known !== undefined || names.size >= maxNames) return known ?? `${kind}-many`
    const name = `${kind}-${names.size + 1}`
    names.set(value, name)
    return name
  }
  return (line) =>
    redact(line)
      .replace(mail, rename('mail'))
      .replace(ipv4, rename('address'))
      .replace(colons, (value) => (ipaddr.IPv6.isValid(value) ? rename('address')(value) : value))
}
