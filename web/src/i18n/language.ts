/**
 * Which language the pages speak and how times and numbers are written. A user's own choice wins; `auto` follows what was
 * chosen in this browser before signing in, else the browser's languages. English texts are always there; others load when
 * they are first spoken, and English stands in where one of them has no text yet.
 */
import { type Language, type LanguageChoice, languageChoice, languages } from '@vedette/shared/language.ts'
import i18next from 'i18next'

/** As each language calls itself: whoever looks for theirs may read no other. */
export const languageNames: Record<Language, string> = { en: 'English', de: 'Deutsch' }

const key = 'vedette.language'
const texts: Record<Exclude<Language, 'en'>, () => Promise<object>> = {
  de: async () => (await import('./german.ts')).german,
}
let choice: LanguageChoice = 'auto'

/** The first of `wishes` (BCP 47 tags, most wanted first) that the pages speak. */
export function languageFor(wish: LanguageChoice, wishes: readonly string[]): Language {
  if (wish !== 'auto') return wish
  for (const tag of wishes) {
    const known = languages.find((one) => one === tag.split('-')[0]?.toLowerCase())
    if (known) return known
  }
  return 'en'
}

/** For Intl: the browser's own tags where they are of the chosen language (de-AT), so that regional forms are kept. */
export function formatLocales(wish: LanguageChoice, wishes: readonly string[]): string[] {
  if (wish === 'auto') return [...wishes]
  return [...wishes.filter((tag) => tag.split('-')[0]?.toLowerCase() === wish), wish]
}

/** What Intl is to use now. */
export const locales = () => formatLocales(choice, navigator.languages)

/** What was chosen in this browser. */
export function rememberedLanguage(): LanguageChoice {
  try {
    return languageChoice.catch('auto').parse(localStorage.getItem(key))
  } catch {
    return 'auto' // Storage is blocked by the browser's settings.
  }
}

/** Speaks a language from now on; the promise is kept when its texts are there. */
export async function speak(wish: LanguageChoice): Promise<void> {
  choice = wish
  const language = languageFor(wish, navigator.languages)
  if (language !== 'en' && !i18next.hasResourceBundle(language, 'translation'))
    i18next.addResourceBundle(language, 'translation', await texts[language]())
  if (i18next.language !== language) await i18next.changeLanguage(language)
  document.documentElement.lang = language
}

/** Chosen by hand: spoken from now on, and in this browser before the next sign-in, too. */
export async function chooseLanguage(wish: LanguageChoice): Promise<void> {
  try {
    localStorage.setItem(key, wish)
  } catch {
    // Storage is blocked: the account remembers it all the same.
  }
  await speak(wish)
}

/** As the account says, where it says anything. */
export const speakAs = (account: LanguageChoice) => speak(account === 'auto' ? rememberedLanguage() : account)
