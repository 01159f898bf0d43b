/**
 * Reads a whole SQLite file and says what is wrong with it (PRAGMA quick_check), in a thread of its own: a million
 * segments take seconds, and nothing waits for it but deletion (record/index-trust.ts).
 */
import { Worker } from 'node:worker_threads'

/** Undefined: sound. Otherwise SQLite's own first finding. Aborting ends the thread. */
export function checkDatabaseFile(path: string, signal: AbortSignal): Promise<string | undefined> {
  const worker = new Worker(new URL('./check-file-worker.ts', import.meta.url), { workerData: path })
  const stop = () => void worker.terminate()
  signal.addEventListener('abort', stop, { once: true })
  return new Promise<string | undefined>((resolve, reject) => {
    worker.once('message', (finding: string) => resolve(finding === 'ok' ? undefined : finding))
    worker.once('error', reject)
    worker.once('exit', () => reject(signal.aborted ? signal.reason : new Error('the check ended without an answer')))
  }).finally(() => signal.removeEventListener('abort', stop))
}
