/**
 * The log: one JSON record a line (UTC), cleaned of secrets (log-line.ts), on standard error and where a process wants it
 * besides; a form for people on a terminal.
 */
import { writeSync } from 'node:fs'
import { isatty } from 'node:tty'
import pino, { type Logger } from 'pino'
import { z } from 'zod'
import { cleanRecord } from './log-line.ts'
import { readableLine } from './readable-line.ts'
import { redact } from './redact.ts'

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

/**
 * Puts a record of another process into the log, as it is but cleaned. What is no record comes in one, and so does one in
 * somebody else's name: a process that was taken over speaks for itself and `others`, whom it relays.
 */
export function relayRecord(log: Log, name: string, line: string, others: readonly string[] = []): void {
  if (log.level === 'silent' || line.trim() === '') return
  // The stream behind a logger: pino offers it under this symbol only.
  const stream: unknown = Reflect.get(log, pino.symbols.streamSym)
  const isRecord = /^\{"level":\d+,"time":"[\d:.TZ-]+","name":"\w+",/.test(line)
  if (isRecord && [name, ...others].includes(nameIn(line)) && hasWrite(stream)) stream.write(line)
  // Cleaned before it is cut, or the half of a secret at the cut would stay.
  else log.warn({ process: name, output: redact(line).slice(0, 2000) }, `${name} wrote to its console`)
}

const hasWrite = (stream: unknown): stream is { write: (line: string) => void } =>
  typeof stream === 'object' && stream !== null && 'write' in stream && typeof stream.write === 'function'

const nameForm = z.object({ name: z.string() })

/** As a reader takes it: where a key comes twice, the last. Empty: no record. */
function nameIn(line: string): string {
  try {
    return nameForm.safeParse(JSON.parse(line)).data?.name ?? ''
  } catch {
    return ''
  }
}

/** For tests and short commands: says nothing. */
export const silentLog: Log = pino({ level: 'silent' })
