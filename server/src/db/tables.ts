/** The tables as TypeScript types. What each column means stands beside it in the migration that makes it. */

export interface Tables {
  migration: { name: string }
  setting: SettingTable
  user: UserTable
  session: SessionTable
  login_attempt: LoginAttemptTable
  camera: CameraTable
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
}
export interface SessionTable {
  id: string
  id_hash: string
  user_id: string
  created_ms: number
  last_used_ms: number
  address: string
  user_agent: string
}
export interface LoginAttemptTable {
  subject: string
  window_start_ms: number
  attempts: number
}
export interface CameraTable {
  id: string
  settings: string
  password_sealed: string | null
  created_ms: number
  deleted_ms: number | null
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
}
export interface EventHourTable {
  camera_id: string
  hour_ms: number
  events: number
}
