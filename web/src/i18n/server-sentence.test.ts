/** Holds the German sentences to those that the server says about accounts: none is missing, none is left over. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { germanSentences } from './german-sentences.data.ts'
import { patternsOf, sentenceIn } from './server-sentence.ts'

const auth = join(import.meta.dirname, '../../../server/src/auth')

/** Every sentence of an AppError in the room of accounts; what is put in becomes a word. */
function saidAboutAccounts(): string[] {
  const files = readdirSync(auth).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  return files.flatMap((file) => {
    const code = readFileSync(join(auth, file), 'utf8')
    return [...code.matchAll(/new AppError\(\s*'\w+',\s*(['`])((?:(?!\1).)*)\1/g)].map((match) => match[2] ?? '')
  })
}

test('every sentence about accounts is known', () => {
  const known = patternsOf(germanSentences)
  const isKnown = (text: string) => sentenceIn(known, text) !== text
  const said = saidAboutAccounts()
  expect(said.length).toBeGreaterThan(30)
  const unknown = said.filter((text) => {
    if (text.includes("field === 'email'")) return !isKnown('Another user has this name.')
    if (/such \$\{target\}/.test(text)) return !isKnown('There is no such group.')
    return !isKnown(text.replace(/\$\{[^}]*\}/g, '7'))
  })
  expect(unknown).toEqual([])
})

test('what the server puts into a sentence is kept, and another sentence stays as it came', () => {
  const known = patternsOf(germanSentences)
  expect(sentenceIn(known, 'No machine named yard.lan was found. Check the spelling or use its address.')).toMatch(
    /^Ein Gerät namens yard\.lan wurde/,
  )
  expect(sentenceIn(known, 'The moon is full.')).toBe('The moon is full.')
  for (const [english, german] of Object.entries(germanSentences))
    expect(german.split('{}').length, english).toBe(english.split('{}').length)
})
