/** The thread behind check-file.ts. */
import { parentPort, workerData } from 'node:worker_threads'
import Sqlite from 'better-sqlite3'

parentPort?.postMessage(finding(String(workerData)))

function finding(path: string): string {
  try {
    const file = new Sqlite(path, { readonly: true, fileMustExist: true })
    const answer = String(file.pragma('quick_check(1)', { simple: true }))
    file.close()
    return answer
  } catch (error) {
    // A file too damaged to be read at all is a finding as well; a fault of the program says nothing about the file.
    if (error instanceof Error && 'code' in error && /^SQLITE_/.test(String(error.code))) return error.message
    throw error
  }
}
