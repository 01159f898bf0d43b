/** Languages that the pages speak. `auto`: the one of these that the browser likes best. */
import { z } from 'zod'

export const languages = ['en', 'de'] as const
export type Language = (typeof languages)[number]
export const languageChoice = z.enum(['auto', ...languages])
export type LanguageChoice = z.infer<typeof languageChoice>
