/** Grants as a form holds them: what they are on and what they give, each as the value of a list. */
import type { Grant, Right } from '@vedette/shared/user.ts'

export interface GrantDraft {
  /** Of the row, not of the server. */
  readonly key: number
  /** 'all', 'group <id>' or 'camera <id>'. */
  readonly on: string
  /** Null: `rights` are chosen one by one. */
  readonly roleId: string | null
  readonly rights: readonly Right[]
}

let nextKey = 1

/** What a new viewer gets, as on the server. */
export const usualDraft = (on = 'all'): GrantDraft => ({ key: nextKey++, on, roleId: null, rights: ['view', 'replay'] })

export function toDraft({ on, rights, roleId }: Grant): GrantDraft {
  const place = on === 'all' ? 'all' : 'group' in on ? `group ${on.group}` : `camera ${on.camera}`
  return { key: nextKey++, on: place, roleId: roleId ?? null, rights: rights ?? [] }
}

export function toGrant({ on, roleId, rights }: GrantDraft): Grant {
  const [kind, id = ''] = on.split(' ')
  const place = kind === 'group' ? { group: id } : kind === 'camera' ? { camera: id } : 'all'
  return roleId === null ? { on: place, rights: [...rights] } : { on: place, roleId }
}

/** The server refuses a grant of nothing. */
export const isComplete = ({ roleId, rights }: GrantDraft) => roleId !== null || rights.length > 0
