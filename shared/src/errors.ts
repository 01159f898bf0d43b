/** Every error code that the API and the command line may answer with, and the shape of the answer. */
import { z } from 'zod'

/** Code -> HTTP status. A code is part of the API: rename it only with a new API version. */
export const errorStatus = {
  bad_request: 400,
  unauthenticated: 401,
  reauthentication_required: 401,
  second_factor_required: 403,
  forbidden: 403,
  https_required: 403,
  not_found: 404,
  conflict: 409,
  payload_too_large: 413,
  unsupported_media_type: 415,
  too_many_requests: 429,
  server_busy: 503,
  not_set_up: 409,
  setup_closed: 409,
  camera_unreachable: 502,
  camera_unauthorized: 502,
  camera_path_not_found: 502,
  camera_unsupported: 502,
  camera_not_rtsp: 502,
  camera_stalled: 502,
  camera_key_changed: 502,
  address_refused: 403,
  no_footage: 404,
  vision_unavailable: 503,
  recorder_unavailable: 503,
  database_unavailable: 503,
  database_damaged: 500,
  database_newer: 500,
  key_unusable: 500,
  disk_full: 507,
  disk_failed: 500,
  volume_missing: 503,
  backup_refused: 422,
  internal: 500,
} as const

export type ErrorCode = keyof typeof errorStatus
export const errorCode = z.enum(Object.keys(errorStatus) as [ErrorCode, ...ErrorCode[]])

/** Body of every refused request. `field` names the offending input as a dotted path. */
export const errorBody = z.strictObject({
  code: errorCode,
  message: z.string(),
  requestId: z.string(),
  field: z.string().optional(),
})
export type ErrorBody = z.infer<typeof errorBody>
