// How the server's Node is started, the same from npm start and from npx vedette.
import { fileURLToPath } from 'node:url'

/**
 * Small young generation: the server's garbage is short-lived and few; the default of 16 MB a half costs memory, not time.
 * The collector is called once, when a start has settled (server/src/lib/give-back-memory.ts).
 */
export const serverFlags = [
  '--disable-warning=ExperimentalWarning',
  '--max-semi-space-size=4',
  '--expose-gc',
  // Types are taken out once, by a process of its own: the parser would stay in memory.
  `--import=${fileURLToPath(new URL('../server/src/stripped-code.mjs', import.meta.url))}`,
]
export const serverEnvironment = {
  /** glibc keeps a heap per thread unless told: with argon2 and SQLite in libuv's threads that is tens of MB kept for nothing. */
  MALLOC_ARENA_MAX: '2',
  /** Compiled code is kept: a process starts in a third of the time. Beside the packages: who can write there owns the code anyway. */
  NODE_COMPILE_CACHE: fileURLToPath(new URL('../node_modules/.cache/vedette-server', import.meta.url)),
}
