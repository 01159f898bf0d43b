/** `vedette seed`: synthetic rows without footage, to measure what a full installation costs. Only on an empty one. */
import { openDatabase } from '../db/database.ts'
import { openDefaultVolume } from '../default-volume.ts'
import { AppError } from '../lib/app-error.ts'
import { systemClock } from '../lib/clock.ts'
import { seed } from '../record/seed.ts'
import { takeFolder } from './open-footage.ts'
import type { RunCommand } from './program.ts'

export const seedCommand: RunCommand = async ({ config, say, answer }, options) => {
  const count = (name: string, most: number) => {
    const value = Number(options[name] ?? 0)
    if (!Number.isInteger(value) || value < 0 || value > most)
      throw new AppError('bad_request', `--${name} is a whole number from 0 to ${most}.`)
    return value
  }
  await using closing = new AsyncDisposableStack()
  closing.defer(await takeFolder(config))
  const db = await openDatabase(config.database)
  closing.defer(() => db.destroy())
  if ((await db.selectFrom('segment').select('id').limit(1).execute()).length > 0)
    throw new AppError('conflict', 'This installation has footage already; seed only an empty one.')
  const volume = await openDefaultVolume(db, config.footageDir, systemClock)
  const segments = count('segments', 100_000_000)
  const events = count('events', 100_000_000)
  await seed(db, {
    cameras: count('cameras', 256),
    segments,
    events,
    volumeId: volume.id,
    nowMs: systemClock.nowMs(),
  })
  say(`Added ${segments} segments and ${events} events.`)
  answer({ segments, events })
  return 0
}
