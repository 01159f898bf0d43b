/**
 * Whether the parts of a backup fit together: whoever knows the passphrase may have written anything into it. What is wrong
 * is told in a sentence and nothing of the backup is taken. Pure.
 */
import { foldName } from '../lib/fold-name.ts'
import { trySplitAddress } from '../rtsp/rtsp-address.ts'
import type { Configuration } from './backup-document.ts'

/** The first thing that does not fit; undefined: all is well. */
export function findMisfit(given: Configuration): string | undefined {
  return (
    findDouble(given) ?? findMissing(given) ?? findWrongAddress(given) ?? findWrongRights(given) ?? findNoAdmin(given)
  )
}

/** Ids and whatever signs somebody in exist once. */
function findDouble({ users, roles, groups, cameras, tokens, volumes }: Configuration): string | undefined {
  const once: readonly (readonly [string, readonly string[]])[] = [
    ['user', users.map((user) => user.id)],
    ['role', roles.map((role) => role.id)],
    ['group', groups.map((group) => group.id)],
    ['camera', cameras.map((camera) => camera.id)],
    ['API token', tokens.map((token) => token.id)],
    ['volume', volumes.map((volume) => volume.id)],
    ['path of a volume', volumes.map((volume) => volume.path)],
    ['passkey', users.flatMap((user) => user.passkeys.map((passkey) => passkey.id))],
    ['passkey', users.flatMap((user) => user.passkeys.map((passkey) => passkey.credentialId))],
    ['recovery code', users.flatMap((user) => user.recoveryCodes)],
    ['API token', tokens.map((token) => token.tokenHash)],
    ['name of a role', roles.map((role) => foldName(role.name))],
    ['name of a group', groups.map((group) => foldName(group.name))],
    // Signing in takes both, so one user's name is no other's address.
    [
      'name or e-mail address of a user',
      users.flatMap(({ username, email }) => [
        ...new Set([foldName(username), ...(email === null ? [] : [foldName(email)])]),
      ]),
    ],
    ...groups.map((group) => ['camera in a group', group.cameras] as const),
    ...cameras.map((camera) => ['key of a camera', camera.keys.map(({ stream }) => stream)] as const),
  ]
  const found = once.find(([, values]) => new Set(values).size !== values.length)
  return found && `The same ${found[0]} is in it twice.`
}

function findMissing({ users, roles, groups, cameras, tokens }: Configuration): string | undefined {
  const idsOf = (list: readonly { readonly id: string }[]) => new Set(list.map((one) => one.id))
  const [userIds, roleIds, groupIds, cameraIds] = [idsOf(users), idsOf(roles), idsOf(groups), idsOf(cameras)]
  const grants = users.flatMap((user) => user.grants)
  const isMissing =
    (groups.some((group) => group.cameras.some((id) => !cameraIds.has(id))) && 'A group has a camera') ||
    (tokens.some((token) => !userIds.has(token.userId)) && 'An API token belongs to a user') ||
    (tokens.some((token) => token.cameras?.some((id) => !cameraIds.has(id))) && 'An API token names a camera') ||
    (grants.some(({ roleId }) => roleId !== undefined && !roleIds.has(roleId)) && 'A user has a role') ||
    (grants.some(({ on }) => on !== 'all' && 'group' in on && !groupIds.has(on.group)) &&
      'A user has rights on a group') ||
    (grants.some(({ on }) => on !== 'all' && 'camera' in on && !cameraIds.has(on.camera)) &&
      'A user has rights on a camera')
  return isMissing ? `${isMissing} that is not in it.` : undefined
}

/** As the server itself would store them: readable, without credentials, both streams of one host. */
function findWrongAddress({ cameras }: Configuration): string | undefined {
  for (const { settings } of cameras) {
    const given = [settings.address, ...(settings.subAddress === null ? [] : [settings.subAddress])]
    const split = given.map(trySplitAddress)
    const hosts = new Set<string>()
    for (const [i, one] of split.entries()) {
      if (typeof one === 'string' || one.address !== given[i])
        return 'A camera in it has an address that cannot be read, or that holds a password.'
      hosts.add(one.host)
    }
    if (hosts.size > 1) return 'A camera in it has streams on two hosts.'
  }
  return undefined
}

/** Grants are for viewers: those of an administrator would come alive when somebody makes a viewer of them. */
function findWrongRights({ users }: Configuration): string | undefined {
  return users.some((user) => user.role === 'admin' && user.grants.length > 0)
    ? 'An administrator in it has rights of a viewer.'
    : undefined
}

function findNoAdmin({ users }: Configuration): string | undefined {
  return users.some((user) => user.role === 'admin' && !user.disabled)
    ? undefined
    : 'There is no administrator in it who may sign in, so nobody could use Vedette afterwards.'
}
