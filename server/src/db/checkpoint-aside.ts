/**
 * Copies SQLite's write-ahead log into the database file from a thread of its own. Left to the connection that writes, the
 * copying and its fsync fall into some commit and held everything up for 270 ms on a slow disk; aside, nobody waits.
 */
import { Worker } from 'node:worker_threads'

/** Works until aborted; resolves when the thread has ended. Without it the log is copied when it has grown large. */
export async function checkpointAside(path: string, signal: AbortSignal, everyMs = 2000): Promise<void> {
  if (signal.aborted) return
  const worker = new Worker(new URL('./checkpoint-worker.ts', import.meta.url), { workerData: { path, everyMs } })
  const ended = new Promise<void>((resolve, reject) => {
    worker.once('exit', () => resolve())
    worker.once('error', reject)
  })
  signal.addEventListener('abort', () => worker.postMessage('end'), { once: true })
  await ended
}
