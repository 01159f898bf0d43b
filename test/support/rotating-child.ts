/** Rotates the key of an installation and dies by SIGKILL at a step: for rotate-key.test.ts. Arguments: place, database URL or path, step. */
import { openAuditKey } from '../../server/src/audit/audit-store.ts'
import { openDatabase } from '../../server/src/db/database.ts'
import { rotateKey } from '../../server/src/secrets/rotate-key-store.ts'

const [path = '', database = '', dieAt = ''] = process.argv.slice(2)
const db = await openDatabase(
  database.startsWith('postgres') ? { kind: 'postgres', url: database } : { kind: 'sqlite', path: database },
)
await rotateKey({
  db,
  place: { kind: 'own', path },
  inTransaction: async (trx, key) => void (await openAuditKey(trx, key)),
  onStep: (step) => {
    if (step === dieAt) process.kill(process.pid, 'SIGKILL')
  },
})
await db.destroy()
