/** One's own account: name and pages, password, sessions, API tokens. Second factors are in second-factor.ts. */
import { newAvatar } from '@vedette/shared/avatar.ts'
import { madeToken, newToken, tokenList } from '@vedette/shared/token.ts'
import { type Me, me, passwordChange, profileChange, sessionList } from '@vedette/shared/user.ts'
import type { z } from 'zod'
import { del, get, patch, post, put } from './http.ts'

export const changeProfile = (change: z.input<typeof profileChange>) =>
  patch({ path: '/api/me', body: profileChange.parse(change), out: me })

/** Where one's own picture is; null: there is none. The id makes browsers ask again when it changed. */
export const ownAvatar = (user: Me) => user.avatarId && `/api/me/avatar.jpg?id=${user.avatarId}`

/** `jpeg`: base64. */
export const setAvatar = (jpeg: string) => put({ path: '/api/me/avatar', body: newAvatar.parse({ jpeg }), out: me })

export const removeAvatar = () => del({ path: '/api/me/avatar', out: me })

/** Ends every other session of this account. */
export const changePassword = (body: z.input<typeof passwordChange>) =>
  post({ path: '/api/me/password', body: passwordChange.parse(body) })

export const listOwnSessions = async (signal?: AbortSignal) =>
  (await get({ path: '/api/me/sessions', out: sessionList, signal })).sessions

export const endOwnSession = (id: string) => del({ path: `/api/me/sessions/${id}` })

/** All but this one. */
export const endOtherSessions = () => del({ path: '/api/me/sessions' })

export const listOwnTokens = async (signal?: AbortSignal) =>
  (await get({ path: '/api/me/tokens', out: tokenList, signal })).tokens

/** The answer is the only time that the token is told. */
export const makeToken = (body: z.input<typeof newToken>) =>
  post({ path: '/api/me/tokens', body: newToken.parse(body), out: madeToken })

export const endOwnToken = (id: string) => del({ path: `/api/me/tokens/${id}` })
