/**
 * The log: one JSON record a line (UTC), cleaned of secrets (log-line.ts), on standard error and where a process wants it
 * besides; a form for people on a terminal.
 */
import { writeSync } from 'node:fs'
import { isatty } from 'node:tty'
import pino, { type Logger } from 'pino'
import { cleanRecord } from './log-line.ts'
import { readableLine } from './readable-line.ts'

export type Log = Logger
export type LogLevel = 'error' | 'warn' | 'info' | 'debug'
/** `auto`: for people where standard error is a terminal, JSON elsewhere. */
export type LogFormat = 'auto' | 'json' | 'text'
/** Takes finished lines: cleaned, each with its end. */
export type LogSink = (line: string) => void

export function openLog(name: string, level: LogLevel = 'info', sinks: readonly LogSink[] = [consoleSink()]): Log {
  return pino(
    { name, level, timestamp: pino.stdTimeFunctions.isoTime, base: { name } },
    {
      write: (line: string) => {
        const clean = cleanRecord(line)
        for (const sink of sinks) sink(clean)
      },
    },
  )
}

/** Standard error. A reader that went away costs the line, not the process. */
export function consoleSink(format: LogFormat = 'auto'): LogSink {
  const isTerminal = isatty(2)
  const isText = format === 'text' || (format === 'auto' && isTerminal)
  return (line) => {
    try {
      writeSync(2, isText ? readableLine(line, isTerminal) : line)
    } catch {
      // EAGAIN, EPIPE: whoever reads does not keep up or is gone.
    }
  }
}

/** For tests and short commands: says nothing. */
export const silentLog: Log = pino({ level: 'silent' })
