/** A child's console, line by line into its parent's log: what native code and Node itself print when they end. Bounded. */
import type { Readable } from 'node:stream'
import type { Log } from './log.ts'
import { relayRecord } from './relay-record.ts'

const maxLine = 64 * 1024

/** Reads to the end of the stream; waits for nobody. */
export function relayOutput(output: Readable | null | undefined, log: Log, name: string): void {
  let rest = ''
  output?.setEncoding('utf8')
  output?.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n')
    rest = (lines.pop() ?? '').slice(0, maxLine)
    for (const line of lines) relayRecord(log, name, line.slice(0, maxLine))
  })
  output?.on('end', () => relayRecord(log, name, rest))
  output?.on('error', () => {})
}
