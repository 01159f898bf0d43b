/** Which language the page speaks, for whoever is not signed in: each by its own name. */
import { languages } from '@vedette/shared/language.ts'
import i18next from 'i18next'
import { useTranslation } from 'react-i18next'
import { chooseLanguage, languageNames } from '../i18n/language.ts'

export function LanguageChoice() {
  useTranslation() // Renders again in the new language.
  return (
    <p className="flex flex-wrap gap-x-4">
      {languages.map((language) => (
        <button
          key={language}
          type="button"
          lang={language}
          aria-pressed={i18next.language === language}
          className="min-h-6 text-mid underline-offset-4 hover:text-high hover:underline aria-pressed:font-medium aria-pressed:text-high"
          onClick={() => void chooseLanguage(language)}
        >
          {languageNames[language]}
        </button>
      ))}
    </p>
  )
}
