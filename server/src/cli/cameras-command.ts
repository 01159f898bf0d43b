/** `vedette cameras list|add`: cameras without a browser. */
import { newCamera } from '@vedette/shared/camera.ts'
import { planNewCamera } from '../cameras/camera-settings.ts'
import { addCamera, listCameras } from '../cameras/camera-store.ts'
import { requireNoControl } from '../control-lock.ts'
import { openDatabase } from '../db/database.ts'
import { AppError } from '../lib/app-error.ts'
import { systemClock } from '../lib/clock.ts'
import { openKeyFile } from '../lib/seal.ts'
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
  await requireNoControl(config.dataDir)
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
  const db = await openDatabase(config.database)
  try {
    const camera = await addCamera(
      db,
      openKeyFile(`${config.dataDir}/key`),
      { settings, password: password ?? null },
      systemClock.nowMs(),
    )
    say(`Added ${settings.name} as ${camera.id}.`)
    answer({ id: camera.id })
    return 0
  } finally {
    await db.destroy()
  }
}
