/**
 * What a backup means for this installation: the configuration that a restore leads to. Pure.
 *
 * Not everything in a backup is put back as it stands:
 * - a volume is neither made nor removed: storage roots come from the operator, a backup brings only their rules;
 * - recovery codes of a user who is here stay: those that are missing were used or replaced since;
 * - what only counts up (TOTP's newest step, passkeys' counters) never goes back, or a code would be good twice.
 */
import type { RestoreWarning } from '@vedette/shared/backup.ts'
import type { BackedUpUser, Configuration } from './backup-document.ts'
import { canonicalJson } from './canonical-json.ts'

export function planConfiguration(here: Configuration, backup: Configuration): Configuration {
  const users = new Map(here.users.map((user) => [user.id, user]))
  return inOneOrder({
    ...backup,
    users: backup.users.map((user) => planUser(users.get(user.id), user)),
    roles: sinceWhen(here.roles, backup.roles),
    groups: sinceWhen(here.groups, backup.groups),
    cameras: sinceWhen(here.cameras, backup.cameras),
    tokens: sinceWhen(here.tokens, backup.tokens),
    volumes: here.volumes.map((volume) => {
      const { id, path } = volume
      const rules = matchingVolume(backup, volume)
      return rules ? { ...rules, id, path } : volume
    }),
  })
}

/** Lists whose order says nothing, in one order: what is the same looks the same. */
export function inOneOrder(given: Configuration): Configuration {
  return {
    ...given,
    users: byId(given.users).map((user) => ({
      ...user,
      grants: sorted(user.grants, canonicalJson),
      passkeys: byId(user.passkeys),
      recoveryCodes: sorted(user.recoveryCodes, String),
    })),
    roles: byId(given.roles),
    groups: byId(given.groups).map((group) => ({ ...group, cameras: sorted(group.cameras, String) })),
    cameras: byId(given.cameras).map((camera) => ({ ...camera, keys: sorted(camera.keys, ({ stream }) => stream) })),
    tokens: byId(given.tokens),
    volumes: byId(given.volumes),
  }
}

function sorted<T>(list: readonly T[], textOf: (one: T) => string): T[] {
  const keyed = list.map((one) => ({ one, text: textOf(one) }))
  return keyed.sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0)).map(({ one }) => one)
}
const byId = <T extends { readonly id: string }>(list: readonly T[]) => sorted(list, ({ id }) => id)

/** When a thing that is here was made is known here. */
function sinceWhen<T extends { readonly id: string; readonly createdMs: number }>(
  here: readonly T[],
  backup: readonly T[],
): T[] {
  const madeMs = new Map(here.map(({ id, createdMs }) => [id, createdMs]))
  return backup.map((one) => ({ ...one, createdMs: madeMs.get(one.id) ?? one.createdMs }))
}

function planUser(here: BackedUpUser | undefined, backup: BackedUpUser): BackedUpUser {
  if (!here) return backup
  const counters = new Map(here.passkeys.map(({ id, counter }) => [id, counter]))
  return {
    ...backup,
    createdMs: here.createdMs,
    recoveryCodes: here.recoveryCodes,
    avatar: here.avatar?.jpeg === backup.avatar?.jpeg ? here.avatar : backup.avatar,
    totp: backup.totp && { ...backup.totp, lastStep: Math.max(backup.totp.lastStep, here.totp?.lastStep ?? 0) },
    passkeys: backup.passkeys.map((passkey) => ({
      ...passkey,
      counter: Math.max(passkey.counter, counters.get(passkey.id) ?? 0),
    })),
  }
}

/** The same volume, or on a new machine the one in the same place. */
const matchingVolume = (backup: Configuration, { id, path }: { readonly id: string; readonly path: string }) =>
  backup.volumes.find((volume) => volume.id === id) ?? backup.volumes.find((volume) => volume.path === path)

/** Who restores; undefined: the command line. */
export interface Actor {
  readonly userId: string
}

export function warningsOf(here: Configuration, backup: Configuration, actor: Actor | undefined): RestoreWarning[] {
  const adminsHere = new Set(here.users.filter(({ role }) => role === 'admin').map(({ id }) => id))
  const newAdmins = backup.users.filter(({ id, role }) => role === 'admin' && !adminsHere.has(id))
  const unknown = backup.volumes.filter(
    (volume) => !here.volumes.some(({ id, path }) => id === volume.id || path === volume.path),
  )
  return [
    ...newAdmins.map(({ username }) => ({ about: 'new_admin' as const, name: username })),
    ...(actor ? warnActor(here, backup, actor) : []),
    ...unknown.map(({ name, path }) => ({ about: 'unknown_volume' as const, name: `${name} (${path})` })),
  ]
}

function warnActor(here: Configuration, backup: Configuration, { userId }: Actor): RestoreWarning[] {
  const now = here.users.find(({ id }) => id === userId)
  const then = backup.users.find(({ id }) => id === userId)
  const name = now?.username ?? ''
  if (!then) return [{ about: 'you_are_removed', name }]
  if (then.disabled) return [{ about: 'you_are_disabled', name }]
  if (then.role !== 'admin') return [{ about: 'you_are_no_admin', name }]
  return now && now.passwordHash !== then.passwordHash ? [{ about: 'your_password_changes', name }] : []
}

/** Whether the actor can go on with this account afterwards. */
export function locksOut(backup: Configuration, { userId }: Actor): boolean {
  const then = backup.users.find(({ id }) => id === userId)
  return !then || then.disabled || then.role !== 'admin'
}
