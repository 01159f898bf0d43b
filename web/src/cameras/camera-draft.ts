/** A camera's settings while somebody edits them: what changed, where, and what saving it restarts. Pure. */
import type { CameraChange, CameraSettings } from '@vedette/shared/camera.ts'
import { splitAddress } from './address.ts'

/** `password` null: not touched. */
export type CameraDraft = CameraSettings & { readonly password: string | null }

export const sections = ['general', 'connection', 'recording', 'motion'] as const
export type SectionName = (typeof sections)[number]

const fieldsOf = {
  general: ['name', 'location', 'liveMode'],
  connection: ['address', 'subAddress', 'username', 'transport', 'password'],
  recording: ['mode', 'schedule', 'preRollMs', 'postRollMs', 'recordAudio', 'keepDays'],
  motion: ['motion'],
} as const satisfies Record<SectionName, readonly (keyof CameraDraft)[]>

/** These close the camera's pipeline and build it again; the others are taken over while it runs. */
const rebuilding: readonly (keyof CameraDraft)[] = [
  ...fieldsOf.connection,
  'mode',
  'schedule',
  'preRollMs',
  'postRollMs',
  'recordAudio',
]

export const draftOf = (settings: CameraSettings): CameraDraft => ({ ...settings, password: null })

/** Only what differs, ready for PATCH. */
export function changesOf(before: CameraSettings, draft: CameraDraft): CameraChange {
  const start = draftOf(before)
  const all = Object.values(fieldsOf).flat()
  return Object.fromEntries(all.filter((key) => !isSame(start[key], draft[key])).map((key) => [key, draft[key]]))
}

export function changedSections(change: CameraChange): readonly SectionName[] {
  return sections.filter((section) => fieldsOf[section].some((key) => key in change))
}

/** Whether saving interrupts the recording for a moment. */
export const reconnects = (change: CameraChange): boolean => rebuilding.some((key) => key in change)

/** The stored password is not sent to another host or port than it was given for: it must be typed again. */
export function needsPasswordAgain(before: CameraSettings, draft: CameraDraft, hasPassword: boolean): boolean {
  return hasPassword && draft.password === null && authority(before.address) !== authority(draft.address)
}

/** Which section shows a field that the server refused; `motion.zones.0.name` is of `motion`. */
export function sectionOfField(field: string): SectionName | undefined {
  const root = field.split('.', 1)[0] ?? ''
  return sections.find((section) => fieldsOf[section].some((key) => key === root))
}

function authority(address: string): string {
  return (splitAddress(address).address.split('/', 3)[2] ?? '').toLowerCase().replace(/:554$/, '')
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
