/** `vedette cameras list|add`: cameras without a browser. */
import { newCamera } from '@vedette/shared/camera.ts'
import { planNewCamera } from '../cameras/camera-settings.ts'
import { addCamera, listCameras } from '../cameras/camera-store.ts'
import { takeControl } from '../control-lock.ts'
import { openDatabase } from '../db/database.ts'
import { AppError } from '../lib/app-error.ts'
import { systemClock } from '../lib/clock.ts'
import { openKey } from '../secrets/key-check-store.ts'
import { openInstalled } from './open-footage.ts'
import type { RunCommand } from './program.ts'

export const listCamerasCommand: RunCommand = async ({ config, say, answer }) => {
  const db = await openInstalled(config)
  const cameras = await listCameras(db, 'all')
  await db.destroy()
  for (const { id, settings } of cameras)
    say(`${id}  ${settings.name}  ${settings.mode}${settings.enabled ? '' : '  disabled'}`)
  if (cameras.length === 0) say('There is no camera yet.')
  answer({ cameras: cameras.map(({ id, settings }) => ({ id, ...settings })) })
  return 0
}

export const addCameraCommand: RunCommand = async ({ config, say, answer }, options, [name = '', address = '']) => {
  const given = newCamera.safeParse({
    name,
    address,
    ...(typeof options.sub === 'string' ? { subAddress: options.sub } : {}),
  })
  if (!given.success) {
    const issue = given.error.issues[0]
    throw new AppError('bad_request', `${issue?.path.join('.')}: ${issue?.message}.`)
  }
  const { settings, password } = planNewCamera(given.data)
  // Held to the end, so that the key is not rotated in between.
  const giveBack = await takeControl(config.dataDir)
  const db = await openDatabase(config.database)
  try {
    const camera = await addCamera(
      db,
      await openKey(db, config.keyPlace),
      { settings, password: password ?? null },
      systemClock.nowMs(),
    )
    say(`Added ${settings.name} as ${camera.id}.`)
    answer({ id: camera.id })
    return 0
  } finally {
    await db.destroy()
    await giveBack()
  }
}
