/** Accounts over the API: set-up, login, who am I. */
import { z } from 'zod'
import { id } from './id.ts'

export const userName = z.string().trim().min(1).max(100)
/** 12–1024 characters, no composition rules (access.md R2). */
export const newPassword = z.string().min(12).max(1024)

/** GET /api/setup: whether the first administrator is still missing. */
export const setupState = z.strictObject({
  needed: z.boolean(),
  /** Why set-up does not open, e.g. a damaged database. */
  closedReason: z.string().nullable(),
  volume: z.strictObject({ path: z.string(), freeBytes: z.number(), daysAt4MbitPerCamera: z.number() }).nullable(),
})
export type SetupState = z.infer<typeof setupState>
/** POST /api/setup: the one-time code stands on the console. */
export const setupRequest = z.strictObject({
  code: z.string().trim().min(1).max(100),
  username: userName,
  password: newPassword,
})
export const loginRequest = z.strictObject({
  username: z.string().max(200),
  password: z.string().max(1024),
})
/** Answer of POST /api/setup, POST /api/login and GET /api/me. */
export const me = z.strictObject({
  id,
  username: z.string(),
  role: z.enum(['admin', 'viewer']),
  language: z.string(),
})
export type Me = z.infer<typeof me>
