/** A configuration as lists of named things with plain fields, so that two of them can be compared and the difference read. Pure. */
import type { BackupKind, ShownValue } from '@vedette/shared/backup.ts'
import type { Grant } from '@vedette/shared/user.ts'
import type { Configuration } from './backup-document.ts'
import { canonicalJson } from './canonical-json.ts'

/** `value` is compared; `shown` is read by people, null for a secret. */
export interface Fact {
  readonly value: string
  readonly shown: ShownValue
  readonly isSecret: boolean
}
export interface Thing {
  readonly id: string
  readonly name: string
  readonly facts: Readonly<Record<string, Fact>>
}
export type Facts = Readonly<Record<BackupKind, readonly Thing[]>>

const maxShown = 200

const plain = (shown: ShownValue): Fact => ({ value: JSON.stringify(shown), shown: short(shown), isSecret: false })
const secret = (value: unknown): Fact => ({ value: canonicalJson(value), shown: null, isSecret: true })
/** Compared as a whole, shown as a text. */
const summed = (value: unknown, shown: ShownValue): Fact => ({
  value: canonicalJson(value),
  shown: short(shown),
  isSecret: false,
})
const inWords = (words: readonly string[], between = ', ') => words.toSorted().join(between)
const short = (shown: ShownValue) =>
  typeof shown === 'string' && shown.length > maxShown ? `${shown.slice(0, maxShown)} …` : shown

/** Times of making are left out: they say nothing that a restore would set. */
export function factsOf(given: Configuration): Facts {
  const names = new Map([...given.cameras.map(({ id, settings }) => [id, settings.name] as const)])
  const groupNames = new Map(given.groups.map(({ id, name }) => [id, name]))
  const roleNames = new Map(given.roles.map(({ id, name }) => [id, name]))
  const userNames = new Map(given.users.map(({ id, username }) => [id, username]))
  const camerasIn = (ids: readonly string[]) => inWords(ids.map((id) => names.get(id) ?? id))
  const grantText = ({ on, rights, roleId }: Grant) => {
    const where = on === 'all' ? '*' : 'group' in on ? (groupNames.get(on.group) ?? '') : (names.get(on.camera) ?? '')
    return `${where}: ${rights ? rights.join(', ') : (roleNames.get(roleId ?? '') ?? '')}`
  }
  return {
    users: given.users.map((user) => ({
      id: user.id,
      name: user.username,
      facts: {
        username: plain(user.username),
        role: plain(user.role),
        email: plain(user.email),
        disabled: plain(user.disabled),
        password: secret(user.passwordHash),
        rights: summed(user.grants, inWords(user.grants.map(grantText), '; ')),
        needsSecondFactor: plain(user.needsSecondFactor),
        totp: secret(user.totp?.secret ?? null),
        passkeys: summed(
          user.passkeys.map(({ counter: _, createdMs: _2, ...passkey }) => passkey),
          inWords(user.passkeys.map(({ name }) => name)),
        ),
        recoveryCodes: secret(user.recoveryCodes),
        picture: secret(user.avatar?.jpeg ?? null),
        language: plain(user.language),
        defaultPage: plain(user.defaultPage),
      },
    })),
    roles: given.roles.map((role) => ({
      id: role.id,
      name: role.name,
      facts: {
        name: plain(role.name),
        rights: plain(role.rights.join(', ')),
        needsSecondFactor: plain(role.needsSecondFactor),
      },
    })),
    groups: given.groups.map((group) => ({
      id: group.id,
      name: group.name,
      facts: { name: plain(group.name), cameras: summed(group.cameras, camerasIn(group.cameras)) },
    })),
    cameras: given.cameras.map(({ id, settings, password, keys }) => ({
      id,
      name: settings.name,
      facts: {
        ...settingFacts(settings),
        password: secret(password),
        keys: secret(keys.map(({ stream, keySha256 }) => [stream, keySha256])),
      },
    })),
    tokens: given.tokens.map((token) => ({
      id: token.id,
      name: `${token.name} (${userNames.get(token.userId) ?? ''})`,
      facts: {
        name: plain(token.name),
        user: summed(token.userId, userNames.get(token.userId) ?? ''),
        rights: plain(token.rights.join(', ')),
        cameras: summed(token.cameras, token.cameras === null ? '*' : camerasIn(token.cameras)),
        expires: plain(new Date(token.expiresMs).toISOString().slice(0, 10)),
        token: secret([token.tokenHash, token.expiresMs]),
      },
    })),
    volumes: given.volumes.map((volume) => ({
      id: volume.id,
      name: volume.name,
      facts: {
        name: plain(volume.name),
        quotaBytes: plain(volume.quotaBytes),
        reserveShare: plain(volume.reserveShare),
      },
    })),
    settings: [
      {
        id: 'settings',
        name: '',
        facts: {
          adminsNeedSecondFactor: plain(given.settings.policy.adminsNeedSecondFactor),
          viewersNeedSecondFactor: plain(given.settings.policy.viewersNeedSecondFactor),
          timeZone: plain(given.settings.timeZone),
          automaticBackup: plain(given.settings.automaticBackup.isOn),
          backupEveryHours: plain(given.settings.automaticBackup.everyHours),
          backupKeep: plain(given.settings.automaticBackup.keep),
          backupPassphrase: secret(given.settings.automaticBackup.passphrase),
        },
      },
    ],
  }
}

/** Every setting under its own name; what is no single value is compared as a whole and shown short. */
function settingFacts(settings: Readonly<Record<string, unknown>>): Record<string, Fact> {
  return Object.fromEntries(
    Object.entries(settings).map(([key, value]) => [
      key,
      value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
        ? plain(value)
        : summed(value, JSON.stringify(value)),
    ]),
  )
}
