/** A passphrase that nobody guesses and that can be written down by hand: five groups of five, 125 bits. */

/** Crockford's base 32: no letter looks like a digit. */
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'

export function suggestPassphrase(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(25))
  const letters = Array.from(bytes, (byte) => alphabet.charAt(byte % 32)).join('')
  return (letters.match(/.{5}/g) ?? []).join('-')
}
