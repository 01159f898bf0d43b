/**
 * `vedette rotate-key`: a new key for the installation. Vedette must not run meanwhile: control keeps the key in memory and
 * would go on sealing with the old one. It takes milliseconds, and a recorder that was left alone goes on recording.
 */
import { readAuditHead, writeAuditHead } from '../audit/audit-head.ts'
import { appendWithin, type ChainEnd, openAuditKey } from '../audit/audit-store.ts'
import { takeControl } from '../control-lock.ts'
import { openDatabase } from '../db/database.ts'
import { systemClock } from '../lib/clock.ts'
import { rotateKey } from '../secrets/rotate-key-store.ts'
import { requireInstalled } from './open-footage.ts'
import type { RunCommand } from './program.ts'

export const rotateKeyCommand: RunCommand = async ({ config, say, answer }) => {
  requireInstalled(config)
  const giveBack = await takeControl(config.dataDir) // First: opening may migrate.
  try {
    const db = await openDatabase(config.database)
    try {
      let end: ChainEnd | undefined
      let auditKey: Buffer | undefined
      const resealed = await rotateKey({
        db,
        place: config.keyPlace,
        inTransaction: async (trx, key, count) => {
          const entry = { kind: 'key.rotated', userId: null, username: '(command line)', address: '' } as const
          const detail = { resealed: count }
          auditKey = await openAuditKey(trx, key)
          const seen = await readAuditHead(config.dataDir, auditKey)
          end = await appendWithin(trx, { ...entry, detail }, { key: auditKey, nowMs: systemClock.nowMs(), seen })
        },
      })
      if (end && auditKey) await writeAuditHead(config.dataDir, auditKey, end)
      say(
        `The installation has a new key in ${config.keyPlace.path}; ${resealed} stored secrets were sealed with it. Make a new backup of the key: the old one opens only old backups.`,
      )
      answer({ resealed, keyFile: config.keyPlace.path })
      return 0
    } finally {
      await db.destroy()
    }
  } finally {
    await giveBack()
  }
}
