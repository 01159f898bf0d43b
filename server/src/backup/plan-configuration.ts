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

export function planConfiguration(here: Configuration, backup: Configuration): Configuration {
  const users = new Map(here.users.map((user) => [user.id, user]))
  return {
    ...backup,
    users: backup.users.map((user) => planUser(users.get(user.id), user)),
    volumes: here.volumes.map((volume) => {
      const { id, path } = volume
      const rules = matchingVolume(backup, volume)
      return rules ? { ...rules, id, path } : volume
    }),
  }
}

function planUser(here: BackedUpUser | undefined, backup: BackedUpUser): BackedUpUser {
  if (!here) return backup
  const counters = new Map(here.passkeys.map(({ id, counter }) => [id, counter]))
  return {
    ...backup,
    createdMs: here.createdMs,
    recoveryCodes: here.recoveryCodes,
    totp: backup.totp && {
      ...backup.totp,
      lastStep: Math.max(backup.totp.lastStep, here.totp?.lastStep ?? 0),
    },
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
