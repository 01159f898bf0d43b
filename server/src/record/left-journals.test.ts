import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openedNote, segmentBytes } from '../../../test/support/segment-bytes.ts'
import { openDatabase } from '../db/database.ts'
import { silentLog } from '../lib/log.ts'
import { newId } from '../lib/new-id.ts'
import { LeftJournals } from './left-journals.ts'
import type { Note, OpenedNote } from './note.ts'
import { segmentPath } from './segment-path.ts'

const [earlier, later] = [newId(1), newId(2)]

async function house() {
  const data = mkdtempSync(join(tmpdir(), 'vedette-left-'))
  const [folder, volumePath] = [join(data, 'journal'), join(data, 'footage')]
  mkdirSync(folder)
  const db = await openDatabase({ kind: 'sqlite', path: ':memory:' })
  onTestFinished(async () => {
    await db.destroy()
    rmSync(data, { recursive: true })
  })
  const told: Note[] = []
  const left = new LeftJournals({ folder, volumePath, db, log: silentLog, onNote: (note) => void told.push(note) })
  const journal = (runId: string) => join(folder, `${runId}.ndjson`)
  const write = (runId: string, notes: readonly Note[]) =>
    writeFileSync(journal(runId), notes.map((note, i) => `${JSON.stringify({ n: i + 1, ...note })}\n`).join(''))
  const place = (opened: OpenedNote) => {
    const path = join(volumePath, segmentPath(opened))
    mkdirSync(dirname(path), { recursive: true })
    return path
  }
  const indexed = async () => (await db.selectFrom('segment').select('id').execute()).map(({ id }) => id)
  return { left, told, journal, write, place, indexed }
}

/** Begun by a recorder that is not there any more; its file is nowhere. */
const opened = (more: Partial<OpenedNote>): OpenedNote => ({ ...openedNote, ...more })
const lost = opened({ id: newId(10), stream: 'sub' })

test('a journal that its recorder took away at its end holds up no other one', async () => {
  const { left, told, journal, write } = await house()
  write(earlier, [])
  write(later, [lost])
  left.find(undefined)
  unlinkSync(journal(earlier))
  await left.closeFiles()
  expect(told).toEqual([expect.objectContaining(lost), expect.objectContaining({ note: 'abandoned', id: lost.id })])
  await left.intoIndex()
  expect(existsSync(journal(later))).toBe(false)
})

test('a file that cannot be read is tried again; all else is closed and in the index meanwhile', async () => {
  const { left, told, journal, write, place, indexed } = await house()
  const unreadable = opened({ id: newId(11), fileMs: openedNote.fileMs - 60_000 })
  write(earlier, [unreadable, openedNote])
  write(later, [lost])
  const path = place(unreadable)
  symlinkSync(path, path)
  writeFileSync(place(openedNote), segmentBytes().bytes)
  left.find(undefined)

  for (let round = 1; round <= 2; round++) {
    await expect(left.closeFiles()).rejects.toThrow(/ELOOP/)
    await left.intoIndex()
    expect(await indexed()).toEqual([openedNote.id])
    expect(existsSync(journal(earlier)), 'kept for the next time').toBe(true)
    expect(existsSync(journal(later))).toBe(false)
    left.find(undefined)
  }

  unlinkSync(path)
  await left.closeFiles()
  await left.intoIndex()
  expect(existsSync(journal(earlier))).toBe(false)
  const ofRun = (note: string) => told.filter((one) => one.note === note).length
  expect([ofRun('opened'), ofRun('closed'), ofRun('abandoned')], 'each of them once').toEqual([3, 1, 2])
})
