import { expect, test } from 'vitest'
import { displayName, signInName } from './display-name.ts'

const code = (...points: number[]) => String.fromCodePoint(...points)

test.each([
  ['a line break', 'An\nna'],
  ['an escape', `An${code(0x1b)}[31mna`],
  ['nothing', code(0)],
  ['C1 control', `An${code(0x9b)}na`],
  ['turn right to left', `anna${code(0x202e)}gpj.exe`],
  ['isolate', `${code(0x2066)}anna`],
  ['Arabic letter mark', `anna${code(0x61c)}`],
  ['no width', `an${code(0x200b)}na`],
  ['word joiner', `an${code(0x2060)}na`],
  ['byte order mark inside', `an${code(0xfeff)}na`],
  ['line separator', `an${code(0x2028)}na`],
  ['half a character', 'an\ud83dna'],
  ['only spaces', '   '],
])('R19 no name may hold %s', (_name, text) => {
  expect(displayName.safeParse(text).success).toBe(false)
  expect(signInName.safeParse(text).success).toBe(false)
})

test.each([
  ['zero-width joiner', `an${code(0x200d)}na`],
  ['zero-width non-joiner', `an${code(0x200c)}na`],
  ['soft hyphen', `an${code(0xad)}na`],
  ['variation selector', `anna${code(0xfe0f)}`],
  ['Hangul filler', `anna${code(0x3164)}`],
  ['empty Braille', `anna${code(0x2800)}`],
  ['tag', `anna${code(0xe0061)}`],
  ['private use', `anna${code(0xe000)}`],
])('R19 a name to sign in with may not hold %s', (_name, text) => {
  expect(signInName.safeParse(text).success).toBe(false)
})

test('R19 takes names of people and places as they are written anywhere', () => {
  for (const name of ['Anna Müller', 'Зоя', '山田 太郎', 'O’Brien-Smith', 'anna@example.com', 'يحيى'])
    expect(signInName.parse(name)).toBe(name)
  expect(displayName.parse(`Yard ${code(0x1f468, 0x200d, 0x1f33e)}`)).toContain(code(0x1f33e))
  expect(displayName.parse(`می${code(0x200c)}خواهم`)).toContain(code(0x200c))
})

test('R19 writes one name in one way, and counts its characters then', () => {
  expect(signInName.parse('Mu\u0308ller')).toBe('Müller')
  expect(displayName.safeParse('x'.repeat(101)).success).toBe(false)
  expect(displayName.safeParse('u\u0308'.repeat(100)).success).toBe(true)
})
