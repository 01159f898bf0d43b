/** Imported first in main.tsx: zod must not try `new Function`, which the content security policy refuses and reports. */
import { config } from 'zod'

config({ jitless: true })
