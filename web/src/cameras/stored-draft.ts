/**
 * What somebody has changed and not saved, for the life of the tab: a session that ends in the middle of it, or a reload, does
 * not cost the work. Secrets are left out: the password, and what stands as one in a pasted address.
 */
import { type CameraChange, cameraChange } from '@vedette/shared/camera.ts'
import { splitAddress } from './address.ts'

/** Another account on the same tab does not find it. */
const keyOf = (userId: string, cameraId: string) => `draft ${userId} camera ${cameraId}`

export function readStoredDraft(userId: string, cameraId: string): CameraChange {
  try {
    const parsed = cameraChange.safeParse(JSON.parse(sessionStorage.getItem(keyOf(userId, cameraId)) ?? '{}'))
    return parsed.success ? parsed.data : {}
  } catch {
    return {} // Storage that is forbidden or damaged is no draft.
  }
}

/** An empty change forgets the draft. */
export function storeDraft(userId: string, cameraId: string, change: CameraChange): void {
  const kept = withoutSecrets(change)
  const key = keyOf(userId, cameraId)
  try {
    if (Object.keys(kept).length === 0) sessionStorage.removeItem(key)
    else sessionStorage.setItem(key, JSON.stringify(kept))
  } catch {
    // Forbidden or full: then a draft lives as long as its page.
  }
}

export function withoutSecrets({ password: _, address, subAddress, ...rest }: CameraChange): CameraChange {
  return {
    ...rest,
    ...(address !== undefined && { address: splitAddress(address).address }),
    ...(subAddress !== undefined && { subAddress: subAddress === null ? null : splitAddress(subAddress).address }),
  }
}
