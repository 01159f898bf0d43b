/** `vedette rebuild`: makes the index again from the footage alone, also when the database is gone or damaged. */
import { openDefaultVolume } from '../default-volume.ts'
import { systemClock } from '../lib/clock.ts'
import { rebuildIndex } from '../record/rebuild.ts'
import { openOrBegin, takeFolder, volumesOnDisk } from './open-footage.ts'
import type { RunCommand } from './program.ts'
import { stopSignal } from './stop-signal.ts'

export const rebuildCommand: RunCommand = async ({ config, say, answer }) => {
  await using closing = new AsyncDisposableStack()
  closing.defer(await takeFolder(config))
  const db = await openOrBegin(config, (path) => say(`The damaged database was moved to ${path}.`))
  closing.defer(() => db.destroy())
  await openDefaultVolume(db, config.footageDir, systemClock)
  let toldMs = 0
  const report = await rebuildIndex(
    {
      db,
      clock: systemClock,
      onProgress: ({ segments }) => {
        if (systemClock.monotonicMs() - toldMs < 1000) return
        toldMs = systemClock.monotonicMs()
        say(`${segments} segments …`)
      },
    },
    await volumesOnDisk(db),
    stopSignal(),
  )
  say(
    `The index has ${report.segments} segments more (${(report.sizeBytes / 1e9).toFixed(1)} GB), ${report.recovered} of them had to be closed first.`,
  )
  for (const { path, why } of report.refused) say(`not taken: ${path}: ${why}`)
  answer(report)
  return 0
}
