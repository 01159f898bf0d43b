/** The thread behind checkpoint-aside.ts. */
import { parentPort, workerData } from 'node:worker_threads'
import Sqlite from 'better-sqlite3'
import { z } from 'zod'

const { path, everyMs } = z.object({ path: z.string(), everyMs: z.number() }).parse(workerData)
const file = new Sqlite(path, { fileMustExist: true })
// Passive: copies what no reader needs any more and waits for nobody.
const timer = setInterval(() => file.pragma('wal_checkpoint(PASSIVE)'), everyMs)
parentPort?.once('message', () => {
  clearInterval(timer)
  file.close()
})
