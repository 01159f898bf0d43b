/** Starts the app in the page. */
import './ui/theme.ts'
import './api/zod-without-eval.ts'
import '@fontsource-variable/inter/wght.css'
import './ui/tokens.css'
import './i18n/i18n.ts'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'

const place = document.getElementById('root')
if (!place) throw new Error('index.html has no #root')
createRoot(place).render(<App />)
