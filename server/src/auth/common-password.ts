/** Whether a password is one of those that are tried first: a known one, or one made of little more than common words (access.md R2). Pure. */
import { commonPasswords, commonWords } from './common-passwords.data.ts'

const runs = ['abcdefghijklmnopqrstuvwxyz', 'qwertyuiop', 'qwertzuiop', 'azertyuiop', 'asdfghjkl', 'zxcvbnm', 'yxcvbnm']
/** Longest first, so that "password" goes before "pass". */
const pieces = [
  ...commonWords,
  ...runs.flatMap((run) => [...partsOf(run), ...partsOf([...run].reverse().join(''))]),
].sort((a, b) => b.length - a.length)
const lookAlikes: Record<string, string> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
}
/** Longer ones are not on anybody's list, and would take long to take apart. */
const longestChecked = 48
/** Letters that must be left when two common words are taken out. */
const enoughLetters = 4
const enoughKinds = 5

/** `names`: what stands around the password, such as the user's name. */
export function isCommonPassword(password: string, names: readonly string[] = []): boolean {
  const plain = password.normalize('NFKC').toLowerCase()
  if (commonPasswords.has(plain) || new Set(plain).size < enoughKinds) return true
  if (plain.length > longestChecked) return false
  const own = [...names, 'vedette']
    .map((name) => name.normalize('NFKC').toLowerCase())
    .filter((name) => name.length >= 3)
  const read = [...plain].map((char) => lookAlikes[char] ?? char).join('')
  return [plain, read].some((text) => isRepeated(text) || lettersLeft(text, own) < enoughLetters)
}

function lettersLeft(text: string, own: readonly string[]): number {
  let rest = text
  for (const name of own) rest = rest.replaceAll(name, ' ')
  for (let taken = 0; taken < 2; taken++) {
    const piece = pieces.find((word) => rest.includes(word))
    if (piece !== undefined) rest = rest.replaceAll(piece, ' ')
  }
  return [...rest].filter((char) => /\p{L}/u.test(char)).length
}

/** The same few characters over and over. */
function isRepeated(text: string): boolean {
  for (let unit = 1; unit <= text.length / 3; unit++)
    if (
      text
        .slice(0, unit)
        .repeat(Math.ceil(text.length / unit))
        .startsWith(text)
    )
      return true
  return false
}

function partsOf(run: string): string[] {
  const parts: string[] = []
  for (let length = 4; length <= run.length; length++)
    for (let start = 0; start + length <= run.length; start++) parts.push(run.slice(start, start + length))
  return parts
}
