// How the server's Node is started, the same from npm start and from npx vedette.
/** Small young generation: the server's garbage is short-lived and few; the default of 16 MB a half costs memory, not time. */
export const serverFlags = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=4']
/** glibc keeps a heap per thread unless told: with argon2 and SQLite in libuv's threads that is tens of MB kept for nothing. */
export const serverEnvironment = { MALLOC_ARENA_MAX: '2' }
