import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterAll, expect, test } from 'vitest'
import { type Log, openLog } from './log.ts'
import { LogFile, maxLogFiles } from './log-file.ts'
import { maxRecordLength } from './log-line.ts'
import { rememberSecret } from './redact.ts'
import { relayOutput } from './relay-output.ts'
import { relayRecord } from './relay-record.ts'

const root = mkdtempSync(join(tmpdir(), 'vedette-log-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

function memoryLog(): { log: Log; lines: string[]; records: () => Record<string, unknown>[] } {
  const lines: string[] = []
  const log = openLog('control', 'debug', [(line) => lines.push(line)])
  return { log, lines, records: () => lines.map((line) => Object(JSON.parse(line))) }
}

test('R23 writes one JSON record a line, in UTC, whatever users and cameras are called', () => {
  const { log, lines, records } = memoryLog()
  const evil = 'Yard\n{"level":60,"msg":"forged"}\r\u001b[2J\u009b31m\u202egnp\u2028x\u0000\ud800'
  log.info({ camera: evil, [evil]: evil }, evil)
  log.child({ camera: evil }).error({ err: new Error(evil, { cause: new Error(evil) }) }, evil)
  for (const line of lines) {
    expect(line.indexOf('\n')).toBe(line.length - 1)
    expect(line).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028-\u202e]/)
    expect(line.isWellFormed()).toBe(true)
  }
  expect(records()[0]).toMatchObject({ level: 30, name: 'control', msg: evil })
  expect(String(records()[0]?.time)).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
})

test('R22 errors, their causes, stacks and own fields lose their secrets', () => {
  const { log, lines } = memoryLog()
  rememberSecret('geheim-42!')
  const cause = Object.assign(new Error('connect rtsp://admin:hunter2@10.0.0.9/'), {
    password: 'hunter2',
    url: 'geheim-42!',
  })
  const error = new Error(`refused ${encodeURIComponent('geheim-42!')}`, { cause })
  log.error({ err: error, request: { headers: { authorization: 'Basic aHVudGVyMg==' } } }, 'geheim-42!')
  log.child({ cookie: 'vedette=hunter2' }).debug(`said ${Buffer.from('xgeheim-42!').toString('base64')}`)
  expect(lines.join('')).not.toMatch(/hunter2|geheim|aHVudGVy|Z2VoZWlt|dlaGVpbS|nZWhlaW0/i)
  expect(lines.join('')).toContain('refused [secret]')
})

test('R23 a record that is too long keeps what it is found by', () => {
  const { log, lines, records } = memoryLog()
  log.warn({ camera: '01M8', body: 'x'.repeat(1_000_000) }, 'too much')
  expect(lines[0]?.length).toBeLessThan(maxRecordLength)
  expect(records()[0]).toMatchObject({ level: 40, name: 'control', camera: '01M8', msg: 'too much' })
  expect(Number(records()[0]?.cutFrom)).toBeGreaterThan(1_000_000)
})

test('R23 the log on disk is private, rotates by size, and a bounded number of files stays', () => {
  const before = process.umask(0)
  const folder = join(root, 'rotated')
  const file = new LogFile(folder, 1000)
  for (let n = 0; n < 200; n++) file.write(`${JSON.stringify({ n, text: 'x'.repeat(80) })}\n`)
  file.close()
  process.umask(before)
  const files = readdirSync(folder)
  expect(files).toHaveLength(maxLogFiles)
  expect(statSync(folder).mode & 0o777).toBe(0o700)
  for (const name of files) {
    expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600)
    expect(statSync(join(folder, name)).size).toBeLessThanOrEqual(1000)
  }
  const all = files
    .sort()
    .reverse()
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').trim().split('\n'))
  const numbers = all.map((line) => Number(Object(JSON.parse(line)).n))
  expect(numbers, 'in order, without a hole, to the last').toEqual(numbers.map((_, i) => 200 - numbers.length + i))
})

test('R23 a log that cannot be written costs records, not the process, and a link is not followed', () => {
  const folder = join(root, 'linked')
  const first = new LogFile(folder)
  first.write('one\n')
  first.close()
  rmSync(join(folder, 'vedette.log'))
  writeFileSync(join(root, 'elsewhere'), '')
  symlinkSync(join(root, 'elsewhere'), join(folder, 'vedette.log'))
  first.write('two\n')
  expect(readFileSync(join(root, 'elsewhere'), 'utf8')).toBe('')
  new LogFile(join(root, 'elsewhere', 'no folder')).write('three\n')
})

test('R22 what a child prints goes through its parent’s log', async () => {
  const { log, records } = memoryLog()
  rememberSecret('from-the-child')
  const output = new PassThrough()
  relayOutput(output, log, 'vision')
  output.write('FATAL ERROR: from-the-ch')
  output.write('ild\n{"level":60,"time":"2026-11-22T02:23:56.217Z","name":"vision","msg":"from-the-child"}\n{"level":')
  output.end()
  await new Promise((resolve) => output.once('close', resolve))
  expect(records()).toMatchObject([
    { level: 40, name: 'control', process: 'vision', output: 'FATAL ERROR: [secret]' },
    { level: 60, name: 'vision', msg: '[secret]' },
    { level: 40, name: 'control', output: '{"level":' },
  ])
})

test('R23 a process that was taken over writes no record in the name of another one', () => {
  const { log, records } = memoryLog()
  const forged = (name: string) =>
    `{"level":30,"time":"2026-11-22T02:23:56.217Z","name":"vision",${name}"msg":"signed in"}`
  relayRecord(log, 'vision', forged('"room":"auth",'))
  relayRecord(log, 'vision', forged('"name":"control",'))
  relayRecord(log, 'recorder', forged(''))
  relayRecord(log, 'recorder', forged(''), ['vision'])
  expect(records().map(({ name, msg }) => [name, msg])).toEqual([
    ['vision', 'signed in'],
    ['control', 'vision wrote to its console'],
    ['control', 'recorder wrote to its console'],
    ['vision', 'signed in'],
  ])
})

test('R22 a secret that stands where a console’s line is cut leaves no half of itself', () => {
  const { log, lines } = memoryLog()
  rememberSecret('cut-in-the-middle')
  relayRecord(log, 'vision', `${'x'.repeat(1990)}cut-in-the-middle`)
  expect(lines.join('')).not.toContain('cut-in')
})
