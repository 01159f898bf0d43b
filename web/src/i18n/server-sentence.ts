/** What the server says, in the language of the page: in German where the sentence is known, else as it came. */
import i18next from 'i18next'

interface Pattern {
  readonly matches: RegExp
  readonly said: string
}
let patterns: readonly Pattern[] = []

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** `{}` in a sentence stands for anything. */
export function patternsOf(sentences: Readonly<Record<string, string>>): Pattern[] {
  return Object.entries(sentences).map(([english, said]) => ({
    matches: new RegExp(`^${english.split('{}').map(escaped).join('(.+)')}$`),
    said,
  }))
}

export function sentenceIn(known: readonly Pattern[], sentence: string): string {
  for (const { matches, said } of known) {
    const parts = matches.exec(sentence)?.slice(1)
    // What was put in may be a sentence itself: "The automatic backup failed: …".
    if (parts) return said.replaceAll('{}', () => sentenceIn(known, parts.shift() ?? ''))
  }
  return sentence
}

/** Called when a language's texts are loaded. */
export function knowSentences(sentences: Readonly<Record<string, string>>): void {
  patterns = patternsOf(sentences)
}

export const serverSentence = (sentence: string): string =>
  i18next.language === 'de' ? sentenceIn(patterns, sentence) : sentence
