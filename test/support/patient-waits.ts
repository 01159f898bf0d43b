/** Waits of tests end by their fact; the limit is only a net for what hangs. Vitest's own, one second, is too short for a busy machine. */
import { vi } from 'vitest'

const limitMs = 15_000
const { waitFor, waitUntil } = vi

vi.waitFor = (callback, options) => waitFor(callback, options ?? limitMs)
vi.waitUntil = (callback, options) => waitUntil(callback, options ?? limitMs)
