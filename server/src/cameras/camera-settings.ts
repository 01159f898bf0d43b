/** How given settings become stored ones, and what a change restarts. Pure. */
import {
  type CameraChange,
  type CameraSettings,
  cameraSettings,
  motionSettings,
  type NewCamera,
  type StreamName,
} from '@vedette/shared/camera.ts'
import { alwaysWeek } from '@vedette/shared/schedule.ts'
import { AppError } from '../lib/app-error.ts'
import { placeOf, splitAddress } from '../rtsp/rtsp-address.ts'

export interface PlannedCamera {
  readonly settings: CameraSettings
  /** Undefined: the stored password stays. Null: there is none. */
  readonly password: string | null | undefined
}

const defaults = {
  location: '',
  enabled: true,
  subAddress: null,
  username: '',
  transport: 'tcp',
  liveMode: 'auto',
  mode: 'continuous',
  schedule: alwaysWeek,
  preRollMs: 5000,
  postRollMs: 10_000,
  recordAudio: false,
  keepDays: null,
  order: 0,
} as const

/** A new camera with everything that was not said. Credentials in the address become fields of their own. */
export function planNewCamera(given: NewCamera): PlannedCamera {
  const main = splitAddress(given.address)
  const { password, motion, ...rest } = given
  const settings = cameraSettings.parse({
    ...defaults,
    ...rest,
    address: main.address,
    subAddress: given.subAddress ? splitAddress(given.subAddress).address : null,
    username: given.username || main.username || '',
    motion: motionSettings.parse(motion ?? {}),
  })
  requireOneHost(settings)
  return { settings, password: password ?? main.password ?? null }
}

/**
 * A changed camera. Another host never gets the old password: it must be given again
 * (else whoever may edit a camera could have its password sent to a machine of theirs).
 */
export function planChange(before: CameraSettings, change: CameraChange): PlannedCamera {
  const { password: givenPassword, motion, ...rest } = change
  const main = splitAddress(change.address ?? before.address)
  const sub = change.subAddress === undefined ? before.subAddress : change.subAddress
  const settings = cameraSettings.parse({
    ...before,
    ...rest,
    address: main.address,
    subAddress: sub ? splitAddress(sub).address : null,
    username: change.username ?? main.username ?? before.username,
    motion: { ...before.motion, ...motion },
  })
  requireOneHost(settings)
  const password = givenPassword ?? main.password ?? undefined
  if (password !== undefined) return { settings, password: password === '' ? null : password }
  const known = hostsOf(before)
  const isNewHost = hostsOf(settings).some((host) => !known.includes(host))
  return { settings, password: isNewHost ? null : undefined }
}

/** Host and port decide who receives the password; the sub stream's count like the main one's. */
function hostsOf(settings: CameraSettings): string[] {
  return [settings.address, ...(settings.subAddress === null ? [] : [settings.subAddress])].map(placeOf)
}

/** The streams whose host, port or encryption differ: their keys belonged to another machine. */
export function movedStreams(before: CameraSettings, after: CameraSettings): StreamName[] {
  const place = (address: string | null) => address && placeOf(address)
  const moved: StreamName[] = []
  if (place(before.address) !== place(after.address)) moved.push('main')
  if (place(before.subAddress) !== place(after.subAddress)) moved.push('sub')
  return moved
}

/** Footage may go for its age that would have stayed. */
export function keepsLess(before: CameraSettings, after: CameraSettings): boolean {
  return (after.keepDays ?? Number.POSITIVE_INFINITY) < (before.keepDays ?? Number.POSITIVE_INFINITY)
}

/** Whether a camera's stored password was given for this address's host and port. */
export function isKnownHost(settings: CameraSettings, address: string): boolean {
  return hostsOf(settings).includes(placeOf(address))
}

function requireOneHost(settings: CameraSettings): void {
  if (settings.subAddress === null) return
  const main = splitAddress(settings.address)
  const sub = splitAddress(settings.subAddress)
  if (main.host.toLowerCase() !== sub.host.toLowerCase())
    throw new AppError(
      'bad_request',
      'The sub stream must come from the same camera: its address names another host.',
      {
        field: 'subAddress',
      },
    )
}

/** Settings that need the camera's pipeline closed and built again; others are taken over at once. */
export function restartsPipeline(before: CameraSettings, after: CameraSettings): boolean {
  const keys = [
    'enabled',
    'address',
    'subAddress',
    'username',
    'transport',
    'mode',
    'schedule',
    'preRollMs',
    'postRollMs',
    'recordAudio',
  ] as const
  return keys.some((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]))
}
