/** The database is damaged, gone, newer than the program, or another server that stops: footage is untouched and recording goes on. */
import { createHash } from 'node:crypto'
import { cpSync, mkdtempSync, readFileSync, rmSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { readFootage } from '../../bench/footage.ts'
import { SimulatedCamera } from '../cameras/simulated-camera.ts'
import { OwnPostgres } from '../support/own-postgres.ts'
import { postgresPrograms } from '../support/postgres-cluster.ts'
import { RunningVedette } from '../support/running-vedette.ts'
import { expectSound, holesOf, readIndex, readPostgresIndex, segmentFiles, vedetteCli } from '../support/soundness.ts'
import { allRecording, lightCamera, moreFrames, patience, sentOnDisk } from '../support/vedette-processes.ts'

const programs = postgresPrograms()
if (!programs) console.warn('database: not run on PostgreSQL, it is not installed (Debian: apt install postgresql)')

const folder = mkdtempSync(join(tmpdir(), 'vedette-database-'))
const made = join(folder, 'made')
let camera: SimulatedCamera
let cameraId = ''
const opened: { close(): unknown }[] = []

beforeAll(async () => {
  camera = await SimulatedCamera.open(lightCamera)
  const vedette = await RunningVedette.open({ dataDir: made })
  await vedette.setUp()
  cameraId = (await vedette.addCamera({ name: 'Yard', address: camera.address('main') })).id
  await allRecording(vedette)
  await moreFrames(vedette, 'yard', 60)
  await camera.apply({ do: 'drop' })
  await moreFrames(vedette, 'yard', 60)
  await vedette.stop()
})
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close()
})
afterAll(async () => {
  await camera.close()
  rmSync(folder, { recursive: true, force: true })
})

/** A data folder of its own for a test, and what its footage is. */
function copyOf(name: string) {
  const dataDir = join(folder, name)
  cpSync(made, dataDir, { recursive: true })
  const footageDir = join(dataDir, 'footage')
  const contents = () =>
    segmentFiles(footageDir).map((path) => [
      path,
      createHash('sha256')
        .update(readFileSync(join(footageDir, path)))
        .digest('hex'),
    ])
  return { dataDir, footageDir, database: join(dataDir, 'vedette.db'), contents, before: contents() }
}

const start = (dataDir: string) => vedetteCli(['start', '--data', dataDir, '--port', '0'])

describe('R35 SQLite', () => {
  test('damaged: the start says so and ends, and rebuild makes the index again from the footage', async () => {
    const { dataDir, footageDir, database, contents, before } = copyOf('damaged')
    truncateSync(database, 10_000)
    const refused = await start(dataDir)
    expect(refused).toMatchObject({ code: 1, stdout: '' })
    expect(refused.stderr).toMatch(/vedette\.db is damaged\. The footage is untouched\..*npx vedette rebuild/)
    expect(contents()).toEqual(before)

    const rebuilt = await vedetteCli(['rebuild', '--data', dataDir, '--json'])
    expect(rebuilt).toMatchObject({ code: 0, stderr: '' })
    expect(JSON.parse(rebuilt.stdout)).toMatchObject({ segments: before.length, refused: [] })
    expect(contents()).toEqual(before)

    const vedette = await RunningVedette.open({ dataDir })
    opened.push(vedette)
    await vedette.setUp()
    const { segments } = readIndex(dataDir)
    const [startMs, endMs] = [segments[0]?.start_ms ?? 0, segments.at(-1)?.end_ms ?? 0]
    const answer = await vedette.fetch(`/api/cameras/${cameraId}/playback?startMs=${startMs}&endMs=${endMs}`)
    expect(answer.status).toBe(200)
    const played = Buffer.from(await answer.arrayBuffer()).toString('latin1')
    expect(played.match(/VEDETTE yard main/g)).toHaveLength(sentOnDisk(footageDir, 'yard').length)
  })

  test('gone, with footage there: set-up stays closed and says why, and nothing is deleted', async () => {
    const { dataDir, database, contents, before } = copyOf('gone')
    for (const ending of ['', '-wal', '-shm']) rmSync(database + ending, { force: true })
    const vedette = await RunningVedette.open({ dataDir })
    opened.push(vedette)
    expect(vedette.output()).toMatch(/There is footage in .*npx vedette rebuild/)
    expect(vedette.output()).not.toContain('#code=')
    const setup = await vedette.call('GET', '/api/setup')
    expect(JSON.stringify(setup)).toContain('There is footage in')
    const code = { code: 'AAAAAAAAAAAA', username: 'admin', password: 'correct horse battery' }
    await expect(vedette.call('POST', '/api/setup', code)).rejects.toThrow(/40\d|409/)
    expect(await vedette.stop()).toBe(0)
    expect(contents()).toEqual(before)
  })

  test('newer than the program: the start says so and changes nothing', async () => {
    const { dataDir, database, contents, before } = copyOf('newer')
    const db = new Sqlite(database)
    db.prepare('insert into migration (name) values (?)').run('9999-from-the-future')
    db.close()
    const refused = await start(dataDir)
    expect(refused).toMatchObject({ code: 1, stdout: '' })
    expect(refused.stderr).toMatch(/made by a newer Vedette \(it has 9999-from-the-future\)/)
    expect(contents()).toEqual(before)
  })
})

describe.skipIf(!programs)('PostgreSQL', () => {
  test('R27 R36 that stops for a while: recording goes on, and the notes are in the index afterwards', async () => {
    const postgres = OwnPostgres.open(programs ?? '')
    opened.push(postgres)
    const dataDir = join(folder, 'postgres')
    const environment = { VEDETTE_DATABASE_URL: postgres.url }
    const vedette = await RunningVedette.open({ dataDir, environment })
    opened.push(vedette)
    await vedette.setUp()
    await vedette.addCamera({ name: 'Yard', address: camera.address('main') })
    await allRecording(vedette)
    await moreFrames(vedette, 'yard', 50)
    const before = (await readPostgresIndex(postgres.url)).segments.length
    postgres.stop()
    await moreFrames(vedette, 'yard', 50)
    await camera.apply({ do: 'switch', stream: 'main', width: 352, height: 192 }) // Ends a segment, which cannot be told.
    await moreFrames(vedette, 'yard', 100)
    expect((await vedette.fetch('/api/cameras')).status).toBeGreaterThanOrEqual(500)
    expect(vedette.process.exitCode).toBeNull()

    const withoutIt = await vedetteCli(['start', '--data', join(folder, 'other'), '--port', '0'], environment)
    expect(withoutIt.code).toBe(1)
    expect(withoutIt.stderr).toContain('The PostgreSQL database does not answer')

    postgres.start()
    await vi.waitFor(async () => {
      expect((await readPostgresIndex(postgres.url)).segments.length).toBeGreaterThan(before)
    }, patience)
    await moreFrames(vedette, 'yard', 50)
    expect(await vedette.stop()).toBe(0)
    expect(holesOf(await expectSound({ dataDir, postgresUrl: postgres.url }))).toEqual([])
    const footage = readFootage(join(dataDir, 'footage')).get('yard main')
    expect(footage?.twice).toBe(0)
    expect(footage?.missing).toBe(0)
  })

  test('R27 R36 that goes away just as a control takes over: the new recorder goes on where the old one ended', async () => {
    const postgres = OwnPostgres.open(programs ?? '')
    opened.push(postgres)
    const dataDir = join(folder, 'take-over')
    const environment = { VEDETTE_DATABASE_URL: postgres.url }
    const first = await RunningVedette.open({ dataDir, environment })
    opened.push(first)
    await first.setUp()
    await first.addCamera({ name: 'Yard', address: camera.address('main') })
    await allRecording(first)
    await moreFrames(first, 'yard', 50)
    await first.stop('SIGKILL')
    const orphan = readFileSync(join(dataDir, 'recorder.lock'), 'utf8')
    const second = await RunningVedette.open({ dataDir, environment })
    opened.push(second)
    await vi.waitFor(() => expect(second.output()).toContain('taking over from the recorder'), {
      ...patience,
      interval: 10,
    })
    postgres.stop()
    // The orphan ends at its next key frame; nobody but the new recorder writes afterwards.
    await vi.waitFor(() => expect(readFileSync(join(dataDir, 'recorder.lock'), 'utf8')).not.toBe(orphan), patience)
    await moreFrames(second, 'yard', 50)
    postgres.start()
    await vi.waitFor(async () => {
      await second.signIn()
      await allRecording(second)
    }, patience)
    await moreFrames(second, 'yard', 25)
    expect(await second.stop()).toBe(0)
    expect(holesOf(await expectSound({ dataDir, postgresUrl: postgres.url }))).toEqual([])
    expect(readFootage(join(dataDir, 'footage')).get('yard main')).toMatchObject({ missing: 0, twice: 0 })
  })
})
