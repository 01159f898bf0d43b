/** A process that restores into the SQLite file of its first argument and is killed before the transaction is committed. */
import { readFileSync } from 'node:fs'
import { backupDocument } from '../../server/src/backup/backup-document.ts'
import { restore } from '../../server/src/backup/restore.ts'
import { openDatabase } from '../../server/src/db/database.ts'
import { houseKey } from './configured-house.ts'

const [, , path = '', documentPath = ''] = process.argv
const db = await openDatabase({ kind: 'sqlite', path })
await restore({ db, key: houseKey }, backupDocument.parse(JSON.parse(readFileSync(documentPath, 'utf8'))), {
  stateHash: undefined,
  nowMs: 0,
  beforeCommit: async () => {
    process.kill(process.pid, 'SIGKILL')
    await new Promise(() => {})
  },
})
