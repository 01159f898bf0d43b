/** Accounts over the API: set-up, login, who am I; users and their rights, as administrators see them. */
import { z } from 'zod'
import { displayName, signInName } from './display-name.ts'
import { id, timeMs } from './id.ts'
import { languageChoice } from './language.ts'

/** What a viewer may do with a camera. `replay`: events, footage, export. `control`: PTZ, manual recording, snapshots. */
export const right = z.enum(['view', 'replay', 'control', 'audio'])
export type Right = z.infer<typeof right>
export const rights = z.array(right).min(1).max(4)

export const userName = signInName
/** 12–1024 characters, no composition rules, none of the common ones (SECURITY.md R2; the server knows the list). */
export const newPassword = z.string().min(12).max(1024)
export const email = z
  .string()
  .trim()
  .max(254)
  .regex(/^[^\s@]+@[^\s@]+$/, 'not an e-mail address')
/** Path of the page that opens first. */
const defaultPage = z
  .string()
  .max(200)
  .regex(/^\/(?![/\\])[\w/.-]*$/, 'not a page of this server')

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
/** POST /api/login. `username` may be the e-mail address. `trustDevice`: see `secondFactorRequest`. */
export const loginRequest = z.strictObject({
  username: z.string().max(254),
  password: z.string().max(1024),
  trustDevice: z.boolean().default(false),
})
/** Who is signed in: GET /api/me, POST /api/setup, and POST /api/login (200) where no second factor is asked for. */
export const me = z.strictObject({
  id,
  username: z.string(),
  role: z.enum(['admin', 'viewer']),
  language: languageChoice,
  email: z.string().nullable(),
  defaultPage: z.string().nullable(),
  /** Of the picture at /api/me/avatar.jpg; another id is another picture. */
  avatarId: id.nullable(),
  /** A second factor is in force. */
  hasSecondFactor: z.boolean(),
  /** Nothing but setting up a second factor works (code `second_factor_required`) until one is in force. */
  mustEnrol: z.boolean(),
})
export type Me = z.infer<typeof me>

/** PATCH /api/me */
export const profileChange = z.strictObject({
  language: languageChoice.optional(),
  defaultPage: defaultPage.nullable().optional(),
  email: email.nullable().optional(),
})
/** POST /api/me/password: ends every other session of the user. */
export const passwordChange = z.strictObject({ password: z.string().max(1024), newPassword })
/** POST /api/reauth, and whatever asks for the password again. */
export const passwordProof = z.strictObject({ password: z.string().max(1024) })

/** A sign-in: GET /api/me/sessions, GET /api/users/:id/sessions. */
export const sessionView = z.strictObject({
  id,
  createdMs: timeMs,
  lastUsedMs: timeMs,
  address: z.string(),
  userAgent: z.string(),
  /** The one that asks. */
  isCurrent: z.boolean(),
})
export const sessionList = z.strictObject({ sessions: z.array(sessionView) })
export type SessionView = z.infer<typeof sessionView>

/**
 * Rights of a viewer on all cameras, on a group's (whatever is in it at the time), or on one; by name or by a role.
 * A viewer has the rights of all grants together; no grant, no right.
 */
export const grant = z
  .strictObject({
    on: z.union([z.literal('all'), z.strictObject({ group: id }), z.strictObject({ camera: id })]),
    rights: rights.optional(),
    roleId: id.optional(),
  })
  .refine((given) => (given.rights === undefined) !== (given.roleId === undefined), {
    message: 'takes either rights or a roleId',
  })
export type Grant = z.infer<typeof grant>
const grants = z.array(grant).max(500)

/** A user as administrators see it. */
export const userView = z.strictObject({
  id,
  username: z.string(),
  email: z.string().nullable(),
  role: z.enum(['admin', 'viewer']),
  disabled: z.boolean(),
  /** Empty for administrators, who may do everything. */
  grants: z.array(grant),
  needsSecondFactor: z.boolean(),
  secondFactor: z.strictObject({ totp: z.boolean(), passkeys: z.number().int(), recoveryCodes: z.number().int() }),
  createdMs: timeMs,
  /** Of the picture at /api/users/:id/avatar.jpg. */
  avatarId: id.nullable(),
  /** Of the newest session; null: none is open. */
  lastUsedMs: timeMs.nullable(),
})
export type UserView = z.infer<typeof userView>
export const userList = z.strictObject({ users: z.array(userView) })

/** POST /api/users. A viewer without `grants` may view and replay all cameras. */
export const newUserRequest = z.strictObject({
  username: userName,
  password: newPassword,
  email: email.nullable().default(null),
  role: z.enum(['admin', 'viewer']),
  grants: grants.optional(),
  needsSecondFactor: z.boolean().default(false),
})
/** PATCH /api/users/:id. A new role, password or `disabled: true` ends the user's sessions; rights change at once. */
export const userChange = z.strictObject({
  username: userName.optional(),
  password: newPassword.optional(),
  email: email.nullable().optional(),
  role: z.enum(['admin', 'viewer']).optional(),
  disabled: z.boolean().optional(),
  grants: grants.optional(),
  needsSecondFactor: z.boolean().optional(),
})
export type UserChange = z.infer<typeof userChange>

/** Roles: named sets of rights for grants. GET/POST /api/roles, PATCH/DELETE /api/roles/:id. */
export const newRole = z.strictObject({
  name: displayName,
  rights,
  needsSecondFactor: z.boolean().default(false),
})
export const roleChange = z.strictObject({
  name: displayName.optional(),
  rights: rights.optional(),
  needsSecondFactor: z.boolean().optional(),
})
export const roleView = newRole.extend({ id, needsSecondFactor: z.boolean() })
export type RoleView = z.infer<typeof roleView>
export const roleList = z.strictObject({ roles: z.array(roleView) })

/** GET/PATCH /api/policy: whom a second factor is required of, besides roles and single users. */
export const accountPolicy = z.strictObject({
  adminsNeedSecondFactor: z.boolean(),
  viewersNeedSecondFactor: z.boolean(),
})
export type AccountPolicy = z.infer<typeof accountPolicy>
