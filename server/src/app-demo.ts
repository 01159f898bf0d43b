/** What `--demo` finds ready: an administrator whose password is printed, and cameras. */
import { randomBytes } from 'node:crypto'
import { hashPassword } from './auth/password.ts'
import { addFirstAdmin, newUser } from './auth/user-store.ts'
import { planNewCamera } from './cameras/camera-settings.ts'
import { addCamera } from './cameras/camera-store.ts'
import type { Db } from './db/database.ts'
import type { AuditedChange } from './db/in-transaction.ts'

const names = ['Yard', 'Street', 'Garage', 'Door']

/** Into an installation without users. `cameras`: RTSP addresses of main and sub stream. */
export async function prepareDemo(
  { db, key, change }: { readonly db: Db; readonly key: Buffer; readonly change: AuditedChange },
  nowMs: number,
  cameras: readonly { main: string; sub: string }[],
): Promise<{ username: string; password: string }> {
  const username = 'demo'
  const password = randomBytes(12).toString('base64url')
  const user = newUser({ username, password_hash: await hashPassword(password) }, nowMs)
  await change(
    (trx) => addFirstAdmin(trx, user),
    () => ({ kind: 'installation.set_up', userId: null, username: '(demo)', address: '' }),
  )
  for (const [order, { main, sub }] of cameras.entries()) {
    const name = names[order] ?? `Camera ${order + 1}`
    const { settings } = planNewCamera({ name, address: main, subAddress: sub, order })
    await addCamera(db, key, { settings, password: null }, nowMs)
  }
  return { username, password }
}
