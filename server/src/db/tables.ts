/** The tables as TypeScript types. What each column means stands beside it in the migration that makes it. */

export interface Tables {
  migration: { name: string }
  setting: SettingTable
  user: UserTable
  session: SessionTable
  login_attempt: LoginAttemptTable
  camera_group: CameraGroupTable
  camera_group_member: CameraGroupMemberTable
  role: RoleTable
  access_grant: AccessGrantTable
  api_token: ApiTokenTable
  totp: TotpTable
  recovery_code: RecoveryCodeTable
  passkey: PasskeyTable
  trusted_device: TrustedDeviceTable
  login_stage: LoginStageTable
  passkey_challenge: PasskeyChallengeTable
  audit: AuditTable
  known_place: KnownPlaceTable
  avatar: AvatarTable
  camera: CameraTable
  camera_key: CameraKeyTable
  volume: VolumeTable
  segment: SegmentTable
  segment_hour: SegmentHourTable
  footage_sum: FootageSumTable
  gap: GapTable
  gap_hour: GapHourTable
  coverage_day: CoverageDayTable
  receipt: ReceiptTable
  event: EventTable
  event_hour: EventHourTable
}

export interface SettingTable {
  key: string
  value: string
}
export interface UserTable {
  id: string
  username: string
  username_folded: string
  password_hash: string
  role: 'admin' | 'viewer'
  language: string
  disabled: number
  created_ms: number
  email: string | null
  email_folded: string | null
  default_page: string | null
  needs_factor: number
}
export interface SessionTable {
  id: string
  id_hash: string
  user_id: string
  created_ms: number
  last_used_ms: number
  address: string
  user_agent: string
  proved_ms: number
}
export interface LoginAttemptTable {
  subject: string
  window_start_ms: number
  attempts: number
  until_ms: number
}
export interface CameraGroupTable {
  id: string
  name: string
  name_folded: string
  created_ms: number
}
export interface CameraGroupMemberTable {
  group_id: string
  camera_id: string
}
export interface RoleTable {
  id: string
  name: string
  name_folded: string
  rights: string
  needs_factor: number
  created_ms: number
}
export interface AccessGrantTable {
  id: string
  user_id: string
  target: 'all' | 'group' | 'camera'
  target_id: string
  rights: string | null
  role_id: string | null
}
export interface ApiTokenTable {
  id: string
  token_hash: string
  user_id: string
  name: string
  rights: string
  cameras: string | null
  created_ms: number
  expires_ms: number
  last_used_ms: number | null
  last_address: string | null
}
export interface TotpTable {
  user_id: string
  secret_sealed: string | null
  pending_sealed: string | null
  pending_until_ms: number
  last_step: number
}
export interface RecoveryCodeTable {
  id: string
  user_id: string
  code_hash: string
}
export interface PasskeyTable {
  id: string
  user_id: string
  credential_id: string
  public_key: string
  counter: number
  transports: string
  host: string
  name: string
  created_ms: number
  last_used_ms: number | null
}
export interface TrustedDeviceTable {
  id: string
  user_id: string
  token_hash: string
  created_ms: number
  last_used_ms: number
  expires_ms: number
  address: string
  user_agent: string
}
export interface KnownPlaceTable {
  user_id: string
  place: string
  last_ms: number
}
export interface AvatarTable {
  user_id: string
  id: string
  jpeg: string
}
export interface LoginStageTable {
  id: string
  user_id: string
  id_hash: string
  expires_ms: number
  attempts: number
}
export interface PasskeyChallengeTable {
  subject: string
  challenge: string
  expires_ms: number
}
export interface AuditTable {
  seq: number
  at_ms: number
  kind: string
  user_id: string | null
  username: string
  address: string
  object: string
  detail: string
  hash: string
}
export interface CameraTable {
  id: string
  settings: string
  password_sealed: string | null
  created_ms: number
  deleted_ms: number | null
}
export interface CameraKeyTable {
  camera_id: string
  stream: 'main' | 'sub'
  key_sha256: string
  since_ms: number
  shown_sha256: string | null
  shown_ms: number | null
}
export interface VolumeTable {
  id: string
  name: string
  path: string
  marker: string
  quota_bytes: number | null
  reserve_share: number
  created_ms: number
}
export interface SegmentTable {
  id: string
  camera_id: string
  stream: 'main' | 'sub'
  volume_id: string
  start_ms: number
  end_ms: number
  clock_epoch: number
  file_ms: number
  size_bytes: number
  frames: number
  sha256: string
  prev_sha256: string
  codec: string
  width: number
  height: number
  has_audio: number
  doomed_by: string | null
}
export interface SegmentHourTable {
  camera_id: string
  stream: 'main' | 'sub'
  volume_id: string
  hour_ms: number
  recorded_ms: number
  size_bytes: number
  segments: number
  minutes_low: number
  minutes_high: number
}
export interface FootageSumTable {
  camera_id: string
  stream: 'main' | 'sub'
  volume_id: string
  size_bytes: number
  segments: number
}
export interface GapTable {
  id: string
  camera_id: string
  kind: 'missing' | 'not_wanted'
  cause: string
  start_ms: number
  end_ms: number
}
export interface GapHourTable {
  camera_id: string
  hour_ms: number
  kind: 'missing' | 'not_wanted'
  cause: string
  gap_ms: number
  minutes_low: number
  minutes_high: number
}
export interface CoverageDayTable {
  camera_id: string
  day_ms: number
  recorded_ms: number
  missing_ms: number
  not_wanted_ms: number
}
export interface ReceiptTable {
  id: string
  at_ms: number
  camera_id: string
  start_ms: number
  end_ms: number
  segments: number
  size_bytes: number
  rule: string
}
export interface EventTable {
  id: string
  camera_id: string
  kind: 'motion' | 'manual' | 'camera'
  start_ms: number
  end_ms: number | null
  zones: string
  score: number
  has_picture: number
  kept: number
  until_ms: number | null
}
export interface EventHourTable {
  camera_id: string
  hour_ms: number
  events: number
}
