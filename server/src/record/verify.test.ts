import { appendFileSync, mkdtempSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { onBothDatabases } from '../../../test/support/databases.ts'
import { writeChain, writeSegmentFile } from '../../../test/support/footage-files.ts'
import { cameraA, cameraB, insertAll, newYearMs, volumeV } from '../../../test/support/segments.ts'
import type { Db } from '../db/database.ts'
import { forgetSegments, markSegments } from './deletion-store.ts'
import { segmentPath } from './segment-path.ts'
import type { Segment } from './segment-store.ts'
import { type Finding, type VerifyOptions, type VerifySummary, verifyFiles, verifyIndex } from './verify.ts'

const options: VerifyOptions = { signal: new AbortController().signal, nowMs: newYearMs }
let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'vedette-verify-'))
})
afterEach(() => rmSync(root, { recursive: true }))
const pathOf = (segment: Segment | undefined) => join(root, segment ? segmentPath(segment) : '')

async function collect(run: AsyncGenerator<Finding, VerifySummary>) {
  const found: string[] = []
  for (;;) {
    const next = await run.next()
    if (next.done) return { found, summary: next.value }
    found.push(`${next.value.kind} ${next.value.startMs - newYearMs}`)
  }
}
const volumes = () => [{ id: volumeV, path: root }]
const verify = (db: Db, given: Partial<VerifyOptions> = {}) =>
  collect(verifyIndex(db, volumes(), { ...options, ...given }))

onBothDatabases('verifying', (open) => {
  /** Five segments of camera A in the index. */
  async function house(): Promise<{ db: Db; chain: Segment[] }> {
    const db = await open()
    const chain = writeChain(newYearMs, 5, root)
    await insertAll(db, chain)
    return { db, chain }
  }

  test('finds nothing in good footage, of all cameras or of one', async () => {
    const { db, chain } = await house()
    await insertAll(db, writeChain(newYearMs, 2, root, { cameraId: cameraB }))
    const none = { changed: 0, missing: 0, reordered: 0, unreadable: 0 }
    expect(await verify(db)).toMatchObject({ found: [], summary: { segments: 7, findings: none, chainStarts: 2 } })
    const { summary } = await verify(db, { cameraId: cameraA })
    expect(summary).toMatchObject({ segments: 5, sizeBytes: chain.reduce((sum, s) => sum + s.sizeBytes, 0) })
  })

  test('R37 finds one changed byte in the pictures, which the fast way does not read', async () => {
    const { db, chain } = await house()
    const bytes = readFileSync(pathOf(chain[2]))
    bytes.writeUInt8(bytes.readUInt8(1200) ^ 1, 1200)
    writeFileSync(pathOf(chain[2]), bytes)
    expect((await verify(db)).found).toEqual(['changed 4000'])
    expect((await verify(db, { isFast: true })).found).toEqual([])
  })

  test.each(['cut', 'extended', 'removed', 'replaced by nonsense'])('finds a file that was %s', async (how) => {
    const { db, chain } = await house()
    const path = pathOf(chain[1])
    if (how === 'cut') truncateSync(path, 1500)
    if (how === 'extended') appendFileSync(path, 'x')
    if (how === 'removed') rmSync(path)
    if (how === 'replaced by nonsense') writeFileSync(path, 'x'.repeat(5000))
    const kind = how === 'removed' ? 'missing' : how === 'replaced by nonsense' ? 'unreadable' : 'changed'
    expect((await verify(db, { isFast: true })).found).toEqual([`${kind} 2000`])
  })

  test('R37 finds two files that changed places, and a whole file of another segment', async () => {
    const { db, chain } = await house()
    renameSync(pathOf(chain[1]), join(root, 'aside'))
    renameSync(pathOf(chain[3]), pathOf(chain[1]))
    renameSync(join(root, 'aside'), pathOf(chain[3]))
    writeSegmentFile({ startMs: newYearMs + 4000, prevSha256: chain[1]?.sha256 ?? '' }, { root })
    expect((await verify(db, { isFast: true })).found).toEqual(['reordered 2000', 'reordered 4000', 'reordered 6000'])
  })

  test('R37 finds footage that went with its row, unless a receipt says so', async () => {
    const { db, chain } = await house()
    await db
      .deleteFrom('segment')
      .where('id', 'in', [chain[1]?.id ?? '', chain[2]?.id ?? ''])
      .execute()
    expect((await verify(db)).found).toEqual(['missing 6000'])

    const gone = chain.slice(0, 1)
    await markSegments(
      db,
      gone.map((s) => ({ segmentId: s.id, rule: 'days' as const })),
    )
    await forgetSegments(
      db,
      gone.map((s) => ({ ...s, rule: 'days' })),
      newYearMs,
    )
    expect((await verify(db)).found, 'a receipt of other footage says nothing of these').toEqual(['missing 6000'])
  })

  test('R37 what a rule took explains itself, and not what somebody took beside it', async () => {
    const db = await open()
    const chain = writeChain(newYearMs, 20, root)
    await insertAll(db, chain)
    const taken = async (from: number, to: number, isByRule: boolean) => {
      const gone = chain.slice(from, to).map((one) => ({ ...one, rule: 'days' }))
      for (const one of gone) rmSync(pathOf(one))
      if (isByRule) await forgetSegments(db, gone, newYearMs + 3_600_000)
      else
        await db
          .deleteFrom('segment')
          .where(
            'id',
            'in',
            gone.map(({ id }) => id),
          )
          .execute()
    }
    await taken(0, 4, true)
    expect((await verify(db)).found, 'the oldest by a rule').toEqual([])
    await taken(10, 12, true)
    expect((await verify(db)).found, 'some in the middle by a rule').toEqual([])
    await taken(12, 14, false)
    expect((await verify(db)).found, 'more of the middle by hand').toEqual([`missing ${14 * 2000}`])
    await taken(4, 7, false)
    expect((await verify(db)).found, 'the oldest by hand').toEqual([`missing ${7 * 2000}`, `missing ${14 * 2000}`])
    const gap = { id: 'g', camera_id: cameraA, kind: 'missing', cause: 'unreachable' } as const
    await db
      .insertInto('gap')
      .values({ ...gap, start_ms: newYearMs + 4 * 2000, end_ms: newYearMs + 7 * 2000 })
      .execute()
    expect((await verify(db)).found, 'the ledger knows of no footage there').toEqual([`missing ${14 * 2000}`])
  })

  test('of what is older than receipts are kept no receipt is asked for', async () => {
    const { db, chain } = await house()
    await db
      .deleteFrom('segment')
      .where('id', 'in', [chain[1]?.id ?? '', chain[2]?.id ?? ''])
      .execute()
    const lateMs = (days: number) => newYearMs + days * 86_400_000
    expect((await verify(db, { nowMs: lateMs(365) })).found).toEqual(['missing 6000'])
    expect((await verify(db, { nowMs: lateMs(367) })).found).toEqual([])
  })

  test('finds that the oldest footage went without a receipt where the camera has receipts', async () => {
    const { db, chain } = await house()
    await db
      .deleteFrom('segment')
      .where('id', '=', chain[0]?.id ?? '')
      .execute()
    expect((await verify(db)).summary.chainStarts).toBe(1)
    await db
      .insertInto('receipt')
      .values({
        ...{ id: 'r', at_ms: newYearMs, camera_id: cameraA, segments: 1, size_bytes: 1, rule: 'days' },
        ...{ start_ms: newYearMs + 90_000, end_ms: newYearMs + 99_000 },
      })
      .execute()
    expect((await verify(db)).found).toEqual(['missing 2000'])
  })

  test('takes rows on a volume that is away as missing', async () => {
    const { db } = await house()
    expect((await collect(verifyIndex(db, [], options))).summary.findings.missing).toBe(5)
  })
})

test('without a database the files are held to what they say of themselves', async () => {
  const chain = writeChain(newYearMs, 5, root)
  writeSegmentFile({ startMs: newYearMs + 20_000 }, { root, leaveOpen: true })
  const run = (nowMs: number) => collect(verifyFiles(volumes(), { ...options, nowMs }))
  // Whether an unclosed file is being written shows only its time of change.
  expect(await run(Date.now())).toMatchObject({ found: [], summary: { segments: 5, chainStarts: 1 } })
  expect((await run(Date.now() + 3_600_000)).found).toEqual(['changed 20000'])
  rmSync(pathOf(chain[2]))
  appendFileSync(pathOf(chain[4]), 'x')
  expect((await run(Date.now())).found).toEqual(['missing 6000'])
  truncateSync(pathOf(chain[4]), 1500)
  expect((await run(Date.now() + 3_600_000)).found).toContain('changed 8000')
})
