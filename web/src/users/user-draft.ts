/** A user as the form holds it, and what is sent of it. */
import type { newUserRequest, UserView, userChange } from '@vedette/shared/user.ts'
import type { z } from 'zod'
import { type GrantDraft, toDraft, toGrant, usualDraft } from './grant-draft.ts'

export interface UserDraft {
  readonly username: string
  readonly email: string
  /** Empty: stays as it is. */
  readonly password: string
  readonly role: 'admin' | 'viewer'
  readonly grants: readonly GrantDraft[]
  readonly needsSecondFactor: boolean
}

export const newUserDraft = (): UserDraft => ({
  username: '',
  email: '',
  password: '',
  role: 'viewer',
  grants: [usualDraft()],
  needsSecondFactor: false,
})

export const draftOf = ({ username, email, role, grants, needsSecondFactor }: UserView): UserDraft => ({
  username,
  email: email ?? '',
  password: '',
  role,
  // Somebody who becomes a viewer begins with what new viewers get.
  grants: role === 'admin' ? [usualDraft()] : grants.map(toDraft),
  needsSecondFactor,
})

export function toRequest(draft: UserDraft): z.input<typeof newUserRequest> {
  const { username, password, role, needsSecondFactor } = draft
  return { username, password, role, needsSecondFactor, email: draft.email.trim() || null, ...grantsOf(draft) }
}

export function toChange({ password, ...draft }: UserDraft): z.input<typeof userChange> {
  const { username, role, needsSecondFactor } = draft
  return {
    username,
    role,
    needsSecondFactor,
    email: draft.email.trim() || null,
    ...(password && { password }),
    ...grantsOf(draft),
  }
}

/** Administrators have no grants: they may do everything. */
const grantsOf = ({ role, grants }: Pick<UserDraft, 'role' | 'grants'>) =>
  role === 'viewer' ? { grants: grants.map(toGrant) } : {}
