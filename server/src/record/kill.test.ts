/** What kill -9 costs, with a real process and real files. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { volumeId } from '../../../test/support/recording.ts'
import { listJournals, readJournal, unfinishedSegments } from './read-journal.ts'
import { readSegmentFile } from './read-segment.ts'
import { recoverSegment } from './recover.ts'
import { segmentPath } from './segment-path.ts'

test('R29 kill -9 costs each stream at most two seconds, and the rest plays and is indexed', async () => {
  const volume = mkdtempSync(join(tmpdir(), 'vedette-kill-'))
  writeFileSync(join(volume, '.vedette-volume'), JSON.stringify({ id: volumeId }))
  const script = join(import.meta.dirname, '../../../test/support/recording-child.ts')
  const child = spawn(process.execPath, [script, volume, '4'], { stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    await once(child.stdout, 'data')
    const files = () =>
      readdirSync(volume, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.mp4'))
    const hasSeconds = async (name: string) => ((await readSegmentFile(join(volume, name)))?.fragments.length ?? 0) >= 3
    await expect
      .poll(async () => files().length === 4 && (await Promise.all(files().map(hasSeconds))).every(Boolean), {
        timeout: 15_000,
        interval: 300,
      })
      .toBe(true)
    const killedMs = Date.now()
    child.kill('SIGKILL')
    await once(child, 'exit')

    const journals = await listJournals(join(volume, 'journal'))
    const opened = await unfinishedSegments(readJournal(join(volume, 'journal'), journals[0] ?? ''))
    expect(opened).toHaveLength(4)
    for (const note of opened) {
      const closed = await recoverSegment(volume, note)
      if (closed.note !== 'closed') throw new Error(closed.reason)
      expect(killedMs - closed.endMs).toBeLessThan(2000)
      const file = await readSegmentFile(join(volume, segmentPath(note)))
      expect(file?.tail).toMatchObject({ sha256: file?.sha256, frames: closed.frames, end: 'recovered' })
    }
  } finally {
    child.kill('SIGKILL')
    rmSync(volume, { recursive: true, force: true })
  }
})
