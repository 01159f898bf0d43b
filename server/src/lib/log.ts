/** The log: one JSON record a line on stderr (UTC), or a readable form on a terminal. Values that name a secret are removed. */
import { isatty } from 'node:tty'
import pino, { type DestinationStream, type Logger } from 'pino'
import { readableLine } from './readable-line.ts'

export type Log = Logger
export type LogLevel = 'error' | 'warn' | 'info' | 'debug'

const secretKeys = ['password', 'secret', 'token', 'code', 'cookie', 'authorization', 'passphrase']

export function openLog(name: string, level: LogLevel = 'info'): Log {
  return pino(
    {
      name,
      level,
      timestamp: pino.stdTimeFunctions.isoTime,
      base: { name },
      redact: { paths: secretKeys.flatMap((key) => [key, `*.${key}`]), censor: '[removed]' },
    },
    openStderr(),
  )
}

function openStderr(): DestinationStream {
  const stderr = pino.destination({ fd: 2, sync: true })
  return isatty(2) ? { write: (line) => stderr.write(readableLine(line)) } : stderr
}

/** For tests and short commands: says nothing. */
export const silentLog: Log = pino({ level: 'silent' })
