/** Secrets that a file holds instead of the environment (`<variable>_FILE`): read with limits, without the line end. */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { AppError } from '../lib/app-error.ts'

const maxBytes = 8192

/** `variable` names the file in what is thrown. Text of at most 8 KB; one line end at the end is not part of it. */
export function readSecretFile(variable: string, path: string): string {
  const wrong = (why: string, cause?: unknown) =>
    new AppError('bad_request', `${variable} is wrong: ${path} ${why}.`, { cause, field: variable })
  let file: number
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  } catch (cause) {
    throw wrong('cannot be read', cause)
  }
  try {
    if ((fstatSync(file).mode & constants.S_IFMT) !== constants.S_IFREG) throw wrong('is no file')
    const buffer = Buffer.alloc(maxBytes + 1)
    const size = readSync(file, buffer, 0, buffer.length, 0)
    if (size > maxBytes) throw wrong(`holds more than ${maxBytes} bytes`)
    const text = buffer.toString('utf8', 0, size).replace(/\r?\n$/, '')
    if (text === '') throw wrong('is empty')
    if (/[\0\r\n]/.test(text)) throw wrong('holds more than one line')
    return text
  } finally {
    closeSync(file)
  }
}
