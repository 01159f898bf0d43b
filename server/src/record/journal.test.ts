import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { cameraId, runId } from '../../../test/support/recording.ts'
import { openedNote } from '../../../test/support/segment-bytes.ts'
import { ManualClock } from '../lib/clock.ts'
import { silentLog } from '../lib/log.ts'
import { Journal, type JournalOptions } from './journal.ts'
import type { ClosedNote, Note, NumberedNote } from './note.ts'
import { listJournals, readJournal, unfinishedSegments } from './read-journal.ts'

const undo: (() => void)[] = []
afterEach(() => {
  for (const step of undo.splice(0)) step()
})

const gap = (endMs: number): Note => ({
  note: 'gap',
  cameraId,
  kind: 'missing',
  cause: 'unreachable',
  startMs: 0,
  endMs,
})
const closed: ClosedNote = {
  ...{ ...openedNote, note: 'closed', endMs: openedNote.startMs + 60_000, sizeBytes: 1000, frames: 1500 },
  ...{ sha256: 'ab'.repeat(32), prevSha256: '', codec: 'avc1.640028', width: 1920, height: 1080, hasAudio: false },
}

async function journal(more: Partial<JournalOptions> = {}) {
  const folder = join(mkdtempSync(join(tmpdir(), 'vedette-journal-')), 'journal')
  undo.push(() => rmSync(join(folder, '..'), { recursive: true }))
  const sent: NumberedNote[] = []
  const clock = new ManualClock()
  const options = { folder, runId, clock, log: silentLog, send: (note: NumberedNote) => void sent.push(note) }
  const opened = await Journal.open({ ...options, ...more })
  const path = join(folder, `${runId}.ndjson`)
  return { journal: opened, folder, path, sent, clock }
}
async function read(folder: string) {
  let badLines = 0
  const notes: NumberedNote[] = []
  for await (const note of readJournal(folder, runId, () => badLines++)) notes.push(note)
  return { notes, badLines }
}

test('notes are numbered, sent and kept until control has them', async () => {
  const { journal: open, folder, sent, path } = await journal()
  for (const note of [openedNote, closed, gap(500)]) open.note(note)
  open.ack(2)
  await open.close()
  expect(sent.map((note) => [note.n, note.note])).toEqual([
    [1, 'opened'],
    [2, 'closed'],
    [3, 'gap'],
  ])
  expect((await read(folder)).notes).toEqual(sent)
  expect(await listJournals(folder)).toEqual([runId])
  expect(statSync(path).mode & 0o777).toBe(0o600)
})

test('a journal of which control has everything is gone', async () => {
  const { journal: open, path } = await journal()
  open.note(openedNote)
  open.ack(1)
  await open.close()
  expect(existsSync(path)).toBe(false)
})

test('a long run does not make a long file', async () => {
  const { journal: open, path } = await journal()
  for (let i = 1; i <= 3000; i++) {
    open.note(gap(i))
    if (i % 100 === 0) {
      await expect
        .poll(() => readFileSync(path, 'utf8').includes(`"endMs":${i}}`) || statSync(path).size === 0)
        .toBe(true)
      open.ack(i)
    }
  }
  expect(statSync(path).size).toBeLessThan(100_000)
  await open.close()
})

test('a file that is emptied keeps what was begun and has not ended: a crash comes after it', async () => {
  const { journal: open, folder, path } = await journal()
  const others = Array.from({ length: 400 }, (_, i) => ({ ...openedNote, id: `01JD0000000000000000000${100 + i}` }))
  open.note(openedNote)
  for (const other of others) open.note(other)
  for (const { id } of others.slice(1)) open.note({ ...closed, id })
  const lastN = 2 * others.length
  await expect.poll(() => readFileSync(path, 'utf8').includes(`"n":${lastN},`)).toBe(true)
  const fullBytes = statSync(path).size
  open.ack(lastN)
  await expect.poll(() => statSync(path).size).toBeLessThan(fullBytes / 10)
  const begun = [openedNote, others[0]]
  expect(await unfinishedSegments(readJournal(folder, runId))).toEqual(begun)
  open.note(gap(500))
  await expect.poll(async () => (await read(folder)).notes.at(-1)).toMatchObject({ note: 'gap' })
  expect((await read(folder)).badLines).toBe(0)
  open.ack(lastN + 1)
  await open.close()
})

test('more segments at once than an emptied file may hold end nothing in a circle', async () => {
  const { journal: open, path } = await journal()
  for (let i = 0; i < 400; i++) open.note({ ...openedNote, id: `01JD0000000000000000000${100 + i}` })
  await expect.poll(() => readFileSync(path, 'utf8').includes('"n":400,')).toBe(true)
  open.ack(400)
  open.note({ ...closed, id: '01JD0000000000000000000100' })
  await expect.poll(() => readFileSync(path, 'utf8').includes('"n":401,')).toBe(true)
  open.ack(401)
  await open.close()
  expect(existsSync(path)).toBe(false)
})

test('a full journal drops notes and says so, control still hears them', async () => {
  const { journal: open, sent, folder } = await journal({ maxBytes: 1000 })
  for (let i = 1; i <= 100; i++) open.note(gap(i))
  await open.close()
  expect(sent).toHaveLength(100)
  const { notes } = await read(folder)
  expect(notes.length + open.dropped).toBe(100)
  expect(notes.length).toBeGreaterThan(3)
})

test('notices when control does not listen', async () => {
  const { journal: open, clock } = await journal()
  open.note(gap(1))
  clock.advance(29_000)
  expect(open.isControlAway).toBe(false)
  clock.advance(2000)
  expect(open.isControlAway).toBe(true)
  open.ack(1)
  expect(open.isControlAway).toBe(false)
  await open.close()
})

test('a line that a crash cut is skipped, wherever it was cut', async () => {
  const { journal: open, folder, path } = await journal()
  for (const note of [openedNote, closed, gap(500)]) open.note(note)
  await open.close()
  const whole = readFileSync(path)
  const lastLine = whole.lastIndexOf('\n', whole.length - 2) + 1
  for (let length = whole.length; length >= lastLine; length--) {
    truncateSync(path, length)
    const { notes, badLines } = await read(folder)
    const isWhole = length >= whole.length - 1
    expect([notes.length, badLines]).toEqual([isWhole ? 3 : 2, isWhole || length === lastLine ? 0 : 1])
  }
})

test('anything but notes is counted and skipped', async () => {
  const { folder, path, journal: open } = await journal()
  await open.close()
  const good = JSON.stringify({ n: 1, ...gap(5) })
  const bad = [
    '{}',
    'null',
    '[]',
    JSON.stringify({ ...gap(5) }),
    JSON.stringify({ n: 1, ...gap(5), cause: 'weather' }),
    JSON.stringify({ n: 1, ...openedNote, cameraId: '../../etc' }),
    JSON.stringify({ n: 1, ...openedNote, more: true }),
    `{"n":1,"note":"abandoned","id":"${runId}","reason":"${'x'.repeat(20_000)}"}`,
    'x'.repeat(100_000),
    '\0\0\0\0',
  ]
  writeFileSync(path, `${bad.join('\n')}\n`)
  appendFileSync(path, `${good}\n`)
  const { notes, badLines } = await read(folder)
  expect(notes).toEqual([{ n: 1, ...gap(5) }])
  expect(badLines).toBe(bad.length)
})

test('tells which segments were begun and not ended', async () => {
  const other = '01JD000000000000000000ENDED'.slice(0, 26)
  const { journal: open, folder } = await journal()
  open.note({ ...openedNote, id: other })
  open.note(openedNote)
  open.note({ ...closed, id: other })
  await open.close()
  expect(await unfinishedSegments(readJournal(folder, runId))).toEqual([openedNote])
})
