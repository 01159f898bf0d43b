import { execFileSync } from 'node:child_process'
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { logQuery } from '@vedette/shared/logs.ts'
import { afterAll, expect, test } from 'vitest'
import { LogFile } from '../lib/log-file.ts'
import { recordMatcher, showRecord } from './match-record.ts'
import { readAll, readBackwards, readForwards } from './read-log.ts'
import { sanitizer } from './sanitize.ts'

const root = mkdtempSync(join(tmpdir(), 'vedette-logs-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
const camera = '01J9Z3K8Q4T7W2X5Y6A1B2C3D4'
const line = (n: number, facts: object = {}) =>
  `${JSON.stringify({ level: 30, time: '2026-11-22T02:23:56.217Z', name: 'control', n, ...facts, msg: `line ${n}` })}\n`
const all = () => true
const numbersOf = (lines: readonly { line: string }[]) => lines.map((one) => Number(Object(JSON.parse(one.line)).n))

/** Files of about a kilobyte with numbered records, across rotations. */
function written(name: string, count: number): { folder: string; file: LogFile } {
  const folder = join(root, name)
  const file = new LogFile(folder, 1500)
  for (let n = 0; n < count; n++) file.write(line(n))
  return { folder, file }
}

test('R23 reads backwards page by page over rotated files, each record once', async () => {
  const { folder } = written('pages', 50)
  const seen: number[] = []
  let before: string | undefined
  for (let page = 0; page < 100; page++) {
    const { lines, next } = await readBackwards({ folder, limit: 7, isWanted: all }, before)
    seen.push(...numbersOf(lines))
    if (next === null) break
    before = next
  }
  expect(seen).toEqual(Array.from({ length: 50 }, (_, i) => 49 - i))
})

test('R23 follows what is written, also over a rotation, and gives only whole lines', async () => {
  const { folder, file } = written('follow', 5)
  let { next } = await readForwards({ folder, limit: 100, isWanted: all })
  const seen: number[] = []
  for (let n = 5; n < 60; n++) {
    file.write(line(n))
    if (n % 6 !== 0) continue
    const news = await readForwards({ folder, limit: 100, isWanted: all }, next ?? undefined)
    seen.push(...numbersOf(news.lines))
    next = news.next
  }
  appendFileSync(join(folder, 'vedette.log'), '{"level":30,"n":-1')
  const last = await readForwards({ folder, limit: 100, isWanted: all }, next ?? undefined)
  seen.push(...numbersOf(last.lines))
  expect(seen).toEqual(Array.from({ length: 55 }, (_, i) => i + 5))
  expect((await readForwards({ folder, limit: 9, isWanted: all }, last.next ?? undefined)).lines).toEqual([])
})

test('R38 reads no more than its bound, says where to go on, and survives a file without an end of line', async () => {
  const folder = join(root, 'large')
  const file = new LogFile(folder)
  for (let n = 0; n < 20_000; n++) file.write(line(n, { pad: 'x'.repeat(100) }))
  file.close()
  const page = await readBackwards({
    folder,
    limit: 10,
    isWanted: (text) => text.includes('"n":7,'),
    maxReadBytes: 300_000,
  })
  expect(page.lines).toEqual([])
  expect(page.next).not.toBeNull()
  const found = await readBackwards({ folder, limit: 10, isWanted: (text) => text.includes('"n":7,') }, page.next ?? '')
  expect(numbersOf(found.lines)).toEqual([7])
  writeFileSync(join(folder, 'vedette.log'), 'x'.repeat(3_000_000))
  expect((await readBackwards({ folder, limit: 10, isWanted: all })).lines.length).toBeLessThanOrEqual(1)
  expect(await readBackwards({ folder, limit: 10, isWanted: all }, '1.5')).toEqual({ lines: [], next: null })
  expect(await readBackwards({ folder: join(root, 'none'), limit: 10, isWanted: all })).toEqual({
    lines: [],
    next: null,
  })
})

test('R23 filters by level, process, room, camera and text, and never takes text for a pattern', () => {
  const records = [
    line(0, { level: 20, name: 'recorder', camera, room: 'rtsp' }),
    line(1, { level: 50, name: 'vision', err: { message: 'Ünknown "codec" (a+)+$' } }),
    line(2, { level: 40, said: '\u202e' }),
    '{"level":30,"time',
  ]
  const find = (query: object) => records.flatMap((one, n) => (recordMatcher(logQuery.parse(query))(one) ? [n] : []))
  expect(find({})).toEqual([0, 1, 2])
  expect(find({ level: 'warn' })).toEqual([1, 2])
  expect(find({ process: 'recorder' })).toEqual([0])
  expect(find({ room: 'rtsp' })).toEqual([0])
  expect(find({ camera })).toEqual([0])
  expect(find({ text: 'LINE 1' })).toEqual([1])
  expect(find({ text: '(a+)+$' })).toEqual([1])
  expect(find({ text: '.*' })).toEqual([])
  expect(showRecord({ place: '1.2', line: records[0] ?? '' })).toMatchObject({
    level: 'debug',
    process: 'recorder',
    room: 'rtsp',
    camera,
    message: 'line 0',
  })
  expect(showRecord({ place: '1.2', line: records[1] ?? '' }).facts).toContain('codec')
  for (const query of [{ text: 'x'.repeat(201) }, { before: '../key' }, { room: 'A' }, { limit: 501 }, { more: 1 }])
    expect(logQuery.safeParse(query).success).toBe(false)
})

test('R23 a sanitized line names no address and no person’s mail, and the same one the same', () => {
  const clean = sanitizer()
  const text = clean(
    '10.0.0.9 and 10.0.0.10 and 10.0.0.9, anna@example.org, fe80::1:2, 127.0.0.1, 02:23:56, 2026-11-22T02:23:56.217Z',
  )
  expect(text).not.toMatch(/10\.0\.0|anna|fe80/)
  expect(text).toMatch(
    /^address-\d+ and address-\d+ and address-\d+, mail-\d+, address-\d+, 127\.0\.0\.1, 02:23:56, 2026-11-22T02:23:56\.217Z$/,
  )
  expect(clean('10.0.0.9')).toBe(text.split(' ')[0])
})

test.runIf(existsSync('/usr/bin/mkfifo'))('R23 a named pipe or a folder in a file’s place is passed over', async () => {
  const { folder } = written('pipe', 5)
  rmSync(join(folder, 'vedette.log.3'), { force: true })
  execFileSync('/usr/bin/mkfifo', [join(folder, 'vedette.log.3')])
  mkdirSync(join(folder, 'vedette.log.4'))
  const { lines } = await readBackwards({ folder, limit: 100, isWanted: all })
  expect(numbersOf(lines)).toEqual([4, 3, 2, 1, 0])
})

test('R23 the bundle is all files, oldest first', async () => {
  const { folder } = written('bundle', 50)
  const seen: number[] = []
  for await (const one of readAll(folder)) seen.push(Number(Object(JSON.parse(one)).n))
  expect(seen).toEqual(Array.from({ length: 50 }, (_, i) => i))
})
