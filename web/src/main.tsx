/** Starts the app in the page. */
import './ui/theme.ts'
import './api/zod-without-eval.ts'
import '@fontsource-variable/inter/wght.css'
import './ui/tokens.css'
import './i18n/i18n.ts'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import { rememberedLanguage, speak } from './i18n/language.ts'

const place = document.getElementById('root')
if (!place) throw new Error('index.html has no #root')
// The first paint is in the right language; without its texts (the server went away) it is in English.
await speak(rememberedLanguage()).catch(() => {})
createRoot(place).render(<App />)
