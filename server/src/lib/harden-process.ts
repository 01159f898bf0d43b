/**
 * What every process of ours does first: its files are its user's alone, Node writes no report (which would hold the
 * environment), and a bug ends it through the log, which knows no secrets, instead of through Node's own print.
 */

import { consoleSink, type LogFormat, openLog } from './log.ts'
import { cleanRecord } from './log-line.ts'

export function hardenProcess(name: string, format: LogFormat = 'json'): void {
  process.umask(0o077)
  Object.assign(process.report, { reportOnFatalError: false, reportOnUncaughtException: false, reportOnSignal: false })
  process.report.excludeEnv = true
  // A child's console is a pipe; when the parent is gone, that must not be an error.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
  const log = openLog(name, 'error', [consoleSink(format)])
  process.on('uncaughtException', (error: unknown, origin) => {
    log.fatal({ err: error instanceof Error ? error : { message: String(error) }, origin }, 'a bug ended this process')
    process.exit(1)
  })
}

/** A text for the console without secrets. */
export const cleanText = (text: string): string => cleanRecord(text)
