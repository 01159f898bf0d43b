/**
 * Every table of the database, and every kind of single value in `setting`: in the backup, or why not. A new one fails the test
 * (backup-registry.test.ts) until it stands here. Of tables in the backup, columns that are left out stand with their reason.
 */
import type { Tables } from '../db/tables.ts'

interface InBackup {
  /** Columns that are in a backup, or made again from it. */
  readonly columns: readonly string[]
  readonly leftOut?: Readonly<Record<string, string>>
}
/** A text: the reason for leaving the table out. */
type Place = InBackup | string

const footage = 'is about footage, which a backup does not hold; `vedette rebuild` makes it again from the files'
const sums = 'sums of other tables'
const signIn = 'part of a sign-in that is under way: a restore signs nobody in'

export const tablesInBackup: Readonly<Record<keyof Tables, Place>> = {
  user: {
    columns: [
      'id',
      'username',
      'username_folded',
      'password_hash',
      'role',
      'language',
      'disabled',
      'created_ms',
      'email',
      'email_folded',
      'default_page',
      'needs_factor',
    ],
  },
  role: { columns: ['id', 'name', 'name_folded', 'rights', 'needs_factor', 'created_ms'] },
  access_grant: {
    columns: ['user_id', 'target', 'target_id', 'rights', 'role_id'],
    leftOut: { id: 'nothing points at it' },
  },
  camera_group: { columns: ['id', 'name', 'name_folded', 'created_ms'] },
  camera_group_member: { columns: ['group_id', 'camera_id'] },
  camera: {
    columns: ['id', 'settings', 'password_sealed', 'created_ms'],
    leftOut: { deleted_ms: 'deleted cameras are no configuration; one that a restore removes is marked so' },
  },
  camera_key: {
    columns: ['camera_id', 'stream', 'key_sha256', 'since_ms'],
    leftOut: { shown_sha256: 'what a camera shows now', shown_ms: 'what a camera shows now' },
  },
  api_token: {
    columns: ['id', 'token_hash', 'user_id', 'name', 'rights', 'cameras', 'created_ms', 'expires_ms'],
    leftOut: { last_used_ms: 'what happened, not what was set', last_address: 'what happened, not what was set' },
  },
  totp: {
    columns: ['user_id', 'secret_sealed', 'last_step'],
    leftOut: { pending_sealed: 'not confirmed yet', pending_until_ms: 'not confirmed yet' },
  },
  recovery_code: { columns: ['user_id', 'code_hash'], leftOut: { id: 'nothing points at it' } },
  passkey: {
    columns: ['id', 'user_id', 'credential_id', 'public_key', 'counter', 'transports', 'host', 'name', 'created_ms'],
    leftOut: { last_used_ms: 'what happened, not what was set' },
  },
  avatar: { columns: ['user_id', 'id', 'jpeg'] },
  volume: {
    columns: ['id', 'name', 'path', 'quota_bytes', 'reserve_share'],
    leftOut: { marker: 'a restore makes no storage root', created_ms: 'a restore makes no storage root' },
  },
  setting: { columns: ['key', 'value'] },

  migration: 'the form of this database',
  session: 'a restore signs nobody in',
  trusted_device: 'a restore signs nobody in, not even by half',
  login_stage: signIn,
  passkey_challenge: signIn,
  login_attempt: 'limits on guessing must not go back',
  known_place: 'what happened, not what was set; a new machine says once more where somebody signed in from',
  audit:
    'what happened, not what was set: nothing writes into the log but what is done here. A backup notes where it ended',
  segment: footage,
  segment_hour: sums,
  footage_sum: sums,
  gap: footage,
  gap_hour: sums,
  coverage_day: sums,
  receipt: footage,
  event: `${footage}. A mark that keeps an event is part of it: restoring yesterday’s would let go what was kept since`,
  event_hour: sums,
}

/** Keys of `setting`. A text: why it is left out. */
export const settingsInBackup: Readonly<Record<string, true | string>> = {
  account_policy: true,
  'system.time_zone': true,
  'backup.automatic': true,
  backup_passphrase: true,
  'backup.folder': 'where this machine writes its backups',
  account_lock: 'a lock, which says nothing',
  audit_key: 'the key of this installation’s audit log, which is not in a backup either',
  key_check: 'says which key this installation is sealed with',
  'record.index': 'whether this machine’s index may be trusted',
  'record.clock': 'what was thought of this machine’s clock',
  'record.cameras_to_empty': 'work on footage that is under way',
}
