/** Connections that Vedette refused to make (SECURITY.md R15), from cameras' states into the audit log. */
import type { WriteAudit } from '@vedette/shared/audit.ts'
import type { CameraStatus } from '@vedette/shared/camera.ts'

/** Takes every status; writes one entry when a camera's address begins to be refused, however often it is tried. */
export function watchRefusals(audit: WriteAudit, onError: (error: unknown) => void) {
  const refused = new Map<string, string>()
  return (cameraId: string, { code, problem }: CameraStatus): void => {
    if (code !== 'address_refused' || problem === null) {
      refused.delete(cameraId)
      return
    }
    if (refused.get(cameraId) === problem) return
    refused.set(cameraId, problem)
    const entry = { kind: 'egress.refused', userId: null, username: '', address: '' } as const
    audit({ ...entry, object: `camera ${cameraId}`, detail: { why: problem } }).catch(onError)
  }
}
