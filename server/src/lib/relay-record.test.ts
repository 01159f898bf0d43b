/** A process that was taken over and writes without end must not push out of the log what the others said. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { LineBudget } from './line-budget.ts'
import { openLog } from './log.ts'
import { LogFile } from './log-file.ts'
import { relayRecord } from './relay-record.ts'

const line = (name: string, msg: string) =>
  `${JSON.stringify({ level: 30, time: '2026-11-22T02:23:56.217Z', name, msg })}\n`

test('R23 a flood from vision leaves in the log what the others said, and how many of its lines were dropped', () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  onTestFinished(() => void vi.useRealTimers())
  const folder = mkdtempSync(join(tmpdir(), 'vedette-flood-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const file = new LogFile(folder, 2_000_000)
  onTestFinished(() => file.close())
  const log = openLog('control', 'info', [file.write])
  log.info('before the flood')
  relayRecord(log, 'recorder', line('recorder', 'a camera came'), ['vision'])
  const flood = line('vision', 'x'.repeat(1000))
  for (let n = 0; n < 20_000; n++) relayRecord(log, 'recorder', flood, ['vision'])
  // What is no record counts as well, and speaking in another's name opens no other share.
  for (let n = 0; n < 20_000; n++) relayRecord(log, 'vision', 'y'.repeat(1000))
  relayRecord(log, 'recorder', line('recorder', 'a camera went'), ['vision'])
  vi.advanceTimersByTime(60_000)
  const kept = readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('')
  for (const text of ['before the flood', 'a camera came', 'a camera went']) expect(kept).toContain(text)
  expect(kept.length).toBeLessThan(1_200_000)
  const told = [...kept.matchAll(/"dropped":(\d+)/g)].reduce((sum, [, count]) => sum + Number(count), 0)
  const written = kept.split('\n').filter((one) => one.includes('xxxx') || one.includes('yyyy')).length
  expect(told + written).toBe(40_000)
})

test('R23 a record of one process brings no other record along, however JSON may be laid out', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vedette-forged-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const file = new LogFile(folder)
  onTestFinished(() => file.close())
  const log = openLog('control', 'info', [file.write])
  const forged = line('control', 'anna signed in').trim()
  for (const end of ['\n', '\r', '\r\n'])
    relayRecord(log, 'recorder', line('recorder', 'x').replace('"msg":', `"about":${end}${forged}${end},"msg":`))
  relayRecord(log, 'recorder', line('recorder', 'without an end').trim())
  relayRecord(log, 'recorder', line('recorder', 'with one'))
  const written = readFileSync(join(folder, 'vedette.log'), 'utf8').split('\n').slice(0, -1)
  expect(written.map((one) => JSON.parse(one)).map(({ name, msg }) => [name, msg])).toEqual([
    ...Array(3).fill(['control', 'recorder wrote to its console']),
    ['recorder', 'without an end'],
    ['recorder', 'with one'],
  ])
})

test('R23 a share fills up again, slowly', () => {
  const budget = new LineBudget({ burstBytes: 1000, bytesPerHour: 100 }, 0)
  expect([budget.take(600, 0), budget.take(600, 0), budget.take(600, 3_600_000)]).toEqual([true, false, false])
  expect(budget.take(600, 3 * 3_600_000)).toBe(true)
  expect([budget.takeDropped(), budget.takeDropped()]).toEqual([2, 0])
})
