/** What the recorder saw of a camera's TLS key, taken into database and audit log. */
import type { Db } from '../db/database.ts'
import type { AuditedChange } from '../db/in-transaction.ts'
import type { Clock } from '../lib/clock.ts'
import { noteShownKey, type ShownKey } from './camera-key-store.ts'
import { findCamera } from './camera-store.ts'

export interface TakeShownKeyDeps {
  readonly db: Db
  readonly clock: Clock
  readonly change: AuditedChange
  /** The pages show something else now. */
  readonly onNews: () => void
}

const theMachine = { userId: null, username: '', address: '' }

/** `address`: the one that was connected to. What an earlier address of the camera showed says nothing. */
export async function takeShownKey(
  deps: TakeShownKeyDeps,
  shown: ShownKey & { readonly address: string },
): Promise<void> {
  const { db, clock, change, onNews } = deps
  const { cameraId, stream, keySha256, address } = shown
  const camera = await findCamera(db, cameraId)
  const now = stream === 'main' ? camera?.settings.address : camera?.settings.subAddress
  if (now !== address) return
  const news = await change(
    (trx) => noteShownKey(trx, shown, clock.nowMs()),
    (made) => {
      if (made === 'known') return undefined
      const kind = made === 'first' ? 'camera.key_first_trusted' : 'camera.key_refused'
      return { kind, ...theMachine, object: `camera ${cameraId}`, detail: { stream, keySha256 } }
    },
  )
  if (news !== 'known') onNews()
}
