/** Holds the German sentences to those that the server says about accounts, backups and cameras: none is missing. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { germanSentences } from './german-sentences.data.ts'
import { patternsOf, sentenceIn } from './server-sentence.ts'

const rooms = ['auth', 'backup', 'cameras'].map((room) => join(import.meta.dirname, '../../../server/src', room))

/** Every sentence of an AppError in these rooms; what is put in becomes a word. */
function saidInRooms(): string[] {
  const isCode = (file: string) => file.endsWith('.ts') && !file.endsWith('.test.ts')
  const files = rooms.flatMap((room) =>
    readdirSync(room)
      .filter(isCode)
      .map((file) => join(room, file)),
  )
  return files.flatMap((file) => {
    const code = readFileSync(file, 'utf8')
    return [...code.matchAll(/new AppError\(\s*'\w+',\s*(['`])((?:(?!\1).)*)\1/g)].map((match) => match[2] ?? '')
  })
}

test('every sentence about accounts, backups and cameras is known', () => {
  const known = patternsOf(germanSentences)
  const isKnown = (text: string) => sentenceIn(known, text) !== text
  const said = saidInRooms()
  expect(said.length).toBeGreaterThan(50)
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
