/** Users, roles, groups and rules for accounts, as administrators change them. */
import { groupChange, groupList, groupView, newGroup } from '@vedette/shared/group.ts'
import { tokenList } from '@vedette/shared/token.ts'
import {
  type AccountPolicy,
  accountPolicy,
  newRole,
  newUserRequest,
  roleChange,
  roleList,
  roleView,
  sessionList,
  userChange,
  userList,
  userView,
} from '@vedette/shared/user.ts'
import type { z } from 'zod'
import { del, get, patch, post } from './http.ts'

export const listUsers = async (signal?: AbortSignal) =>
  (await get({ path: '/api/users', out: userList, signal })).users

export const addUser = (body: z.input<typeof newUserRequest>) =>
  post({ path: '/api/users', body: newUserRequest.parse(body), out: userView })

/** A new role, a new password or disabling ends the user's sessions; rights change at once. */
export const changeUser = (id: string, change: z.input<typeof userChange>) =>
  patch({ path: `/api/users/${id}`, body: userChange.parse(change), out: userView })

export const deleteUser = (id: string) => del({ path: `/api/users/${id}` })

export const resetSecondFactor = (id: string) => post({ path: `/api/users/${id}/reset-second-factor` })

export const listSessionsOf = async (id: string, signal?: AbortSignal) =>
  (await get({ path: `/api/users/${id}/sessions`, out: sessionList, signal })).sessions

export const endSessionsOf = (id: string) => del({ path: `/api/users/${id}/sessions` })

export const endSessionOf = (userId: string, id: string) => del({ path: `/api/users/${userId}/sessions/${id}` })

export const listRoles = async (signal?: AbortSignal) =>
  (await get({ path: '/api/roles', out: roleList, signal })).roles

export const addRole = (body: z.input<typeof newRole>) =>
  post({ path: '/api/roles', body: newRole.parse(body), out: roleView })

export const changeRole = (id: string, change: z.input<typeof roleChange>) =>
  patch({ path: `/api/roles/${id}`, body: roleChange.parse(change), out: roleView })

export const deleteRole = (id: string) => del({ path: `/api/roles/${id}` })

export const listGroups = async (signal?: AbortSignal) =>
  (await get({ path: '/api/groups', out: groupList, signal })).groups

export const addGroup = (body: z.input<typeof newGroup>) =>
  post({ path: '/api/groups', body: newGroup.parse(body), out: groupView })

export const changeGroup = (id: string, change: z.input<typeof groupChange>) =>
  patch({ path: `/api/groups/${id}`, body: groupChange.parse(change), out: groupView })

export const deleteGroup = (id: string) => del({ path: `/api/groups/${id}` })

export const readPolicy = (signal?: AbortSignal) => get({ path: '/api/policy', out: accountPolicy, signal })

export const changePolicy = (change: Partial<AccountPolicy>) =>
  patch({ path: '/api/policy', body: change, out: accountPolicy })

/** Everybody's API tokens. */
export const listTokens = async (signal?: AbortSignal) =>
  (await get({ path: '/api/tokens', out: tokenList, signal })).tokens

export const endToken = (id: string) => del({ path: `/api/tokens/${id}` })
