/** `vedette verify`: is the footage all there, unchanged and in order? May run beside Vedette. Exit code 1: something is wrong. */

import { id } from '@vedette/shared/id.ts'
import { AppError } from '../lib/app-error.ts'
import { systemClock } from '../lib/clock.ts'
import { type Finding, type VerifySummary, verifyFiles, verifyIndex } from '../record/verify.ts'
import { openInstalled, volumesOnDisk } from './open-footage.ts'
import type { RunCommand } from './program.ts'
import { stopSignal } from './stop-signal.ts'

/** Of more findings only the number is told. */
const maxTold = 1000

export const verifyCommand: RunCommand = async ({ config, say, answer }, options) => {
  const camera = options.camera === undefined ? undefined : id.safeParse(options.camera)
  if (camera && !camera.success)
    throw new AppError('bad_request', 'A camera is given by its id: `npx vedette cameras list` shows them.')
  const db = await openInstalled(config)
  try {
    const findings: Finding[] = []
    const volumes = await volumesOnDisk(db)
    const verifyOptions = {
      signal: stopSignal(),
      cameraId: camera?.data,
      isFast: options.fast === true,
      nowMs: systemClock.nowMs(),
    }
    const walk = options.files === true ? verifyFiles(volumes, verifyOptions) : verifyIndex(db, volumes, verifyOptions)
    let summary: VerifySummary | undefined
    while (!summary) {
      const next = await walk.next()
      if (next.done) summary = next.value
      else if (findings.push(next.value) <= maxTold) say(describe(next.value))
    }
    const wrong = Object.values(summary.findings).reduce((sum, count) => sum + count, 0)
    say(conclude(summary, wrong))
    answer({ ...summary, found: findings.slice(0, maxTold) })
    return wrong === 0 ? 0 : 1
  } finally {
    await db.destroy()
  }
}

function conclude({ segments, sizeBytes }: VerifySummary, wrong: number): string {
  if (wrong > 0) return `${wrong} findings in ${segments} segments.`
  if (segments === 0) return 'There is no footage to check.'
  return `All ${segments} segments (${(sizeBytes / 1e9).toFixed(1)} GB) are there, unchanged and in order.`
}

function describe(finding: Finding): string {
  return `${new Date(finding.startMs).toISOString()}  ${finding.kind}  ${finding.path}  ${finding.why}`
}
