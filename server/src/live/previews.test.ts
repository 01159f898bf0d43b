/** The preview strip and snapshots: files, their readers, and both over HTTP. */
import { spawnSync } from 'node:child_process'
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { previewList } from '@vedette/shared/playback.ts'
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { encodeClip, hasFfmpeg } from '../../../test/support/encoded-clip.ts'
import { later, RecordedFootage } from '../../../test/support/recorded-footage.ts'
import { cameraA, cameraB, newYearMs } from '../../../test/support/segments.ts'
import { openTestHttp } from '../../../test/support/test-http.ts'
import { annexB, type Packet } from '../lib/packet.ts'
import { Footage } from './footage.ts'
import { hourMs, maxPreviewBytes, PreviewWriter, previewPath } from './preview-file.ts'
import { maxListed, PreviewReader } from './preview-reader.ts'
import { previewRoutes } from './preview-routes.ts'
import { unitsAt } from './snapshot.ts'

const folders: string[] = []
const volume = () => {
  const root = mkdtempSync(join(tmpdir(), 'vedette-previews-'))
  folders.push(root)
  return root
}
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})
const jpeg = (n: number) => Buffer.from(`jpeg ${n}`)

/** A preview every ten seconds, numbered. */
async function strip(root: string, count: number, fromMs = newYearMs, writer = new PreviewWriter()) {
  for (let n = 0; n < count; n++) await writer.write(root, cameraA, fromMs + n * 10_000 + 0.4, jpeg(n))
}

describe('preview files', () => {
  test('keep pictures per hour and give the one at or before a time', async () => {
    const root = volume()
    await strip(root, 500)
    const reader = new PreviewReader(() => [root])
    const times = await reader.times(cameraA, newYearMs + 10_000, newYearMs + 30_000)
    expect(times).toEqual([newYearMs + 10_000, newYearMs + 20_000])
    const at = async (ms: number) => (await reader.pictureAt(cameraA, newYearMs + ms))?.jpeg.toString()
    expect(await at(0)).toBe('jpeg 0')
    expect(await at(9_999)).toBe('jpeg 0')
    expect(await at(10_000)).toBe('jpeg 1')
    expect(await at(hourMs)).toBe('jpeg 360')
    expect(await at(hourMs - 1)).toBe('jpeg 359')
    expect(await at(hourMs * 2), 'an hour without any looks back').toBe('jpeg 499')
    expect(await at(-1)).toBeUndefined()
    expect(await at(hourMs * 5)).toBeUndefined()
    expect(await reader.pictureAt(cameraB, newYearMs + 10)).toBeUndefined()
  })

  test('find pictures on whichever volume has them', async () => {
    const [one, two] = [volume(), volume()]
    await strip(one, 2)
    await strip(two, 2, newYearMs + 20_000)
    const reader = new PreviewReader(() => [one, '/nowhere', two])
    expect(await reader.times(cameraA, newYearMs, newYearMs + hourMs)).toHaveLength(4)
    expect((await reader.pictureAt(cameraA, newYearMs + 35_000))?.captureMs).toBe(newYearMs + 30_000)
  })

  test('lose at most the picture that was being written, wherever the file was cut, and go on behind the rest', async () => {
    const root = volume()
    await strip(root, 4)
    const path = join(root, previewPath(cameraA, newYearMs))
    const whole = readFileSync(path)
    const recordBytes = whole.length / 4
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length), async (bytes) => {
        rmSync(path)
        appendFileSync(path, whole)
        truncateSync(path, bytes)
        const kept = Math.floor(bytes / recordBytes)
        const span = [cameraA, newYearMs, newYearMs + hourMs] as const
        expect(await new PreviewReader(() => [root]).times(...span)).toHaveLength(kept)
        await new PreviewWriter().write(root, cameraA, newYearMs + 60_000, jpeg(9))
        const reader = new PreviewReader(() => [root])
        expect(await reader.times(...span)).toHaveLength(kept + 1)
        expect((await reader.pictureAt(cameraA, newYearMs + 61_000))?.jpeg.toString()).toBe('jpeg 9')
      }),
      { numRuns: 60 },
    )
  })

  test('keep pictures that come at once in order, and leave out more than wait for the disk', async () => {
    const root = volume()
    const writer = new PreviewWriter()
    await Promise.all(Array.from({ length: 100 }, (_, n) => writer.write(root, cameraA, newYearMs + n, jpeg(n))))
    const times = await new PreviewReader(() => [root]).times(cameraA, newYearMs, newYearMs + hourMs)
    expect(times).toEqual(Array.from({ length: 64 }, (_, n) => newYearMs + n))
    expect(writer.dropped).toBe(36)
    await expect(writer.write('/dev/null/x', cameraA, newYearMs, jpeg(1))).rejects.toThrow()
    await writer.write(root, cameraA, newYearMs + 500, jpeg(1))
  })

  test('take any bytes for a file', async () => {
    const root = volume()
    await strip(root, 1)
    const path = join(root, previewPath(cameraA, newYearMs))
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
        truncateSync(path, 0)
        appendFileSync(path, bytes)
        await new PreviewReader(() => [root]).times(cameraA, newYearMs, newYearMs + hourMs)
      }),
    )
  })

  test('do not grow without bound: large pictures and floods are left out, long lists are thinned evenly', async () => {
    const root = volume()
    const writer = new PreviewWriter()
    await writer.write(root, cameraA, newYearMs, Buffer.alloc(maxPreviewBytes + 1))
    const reader = new PreviewReader(() => [root])
    expect(await reader.times(cameraA, 0, newYearMs + hourMs)).toEqual([])
    for (let n = 0; n < 3700; n++) await writer.write(root, cameraA, newYearMs + n * 100, jpeg(n))
    const size = statSync(join(root, previewPath(cameraA, newYearMs))).size
    await writer.write(root, cameraA, newYearMs + 10, jpeg(1))
    expect(statSync(join(root, previewPath(cameraA, newYearMs))).size).toBe(size)
    const times = await reader.times(cameraA, newYearMs, newYearMs + hourMs)
    expect(times.length).toBeLessThanOrEqual(maxListed)
    expect(times.length).toBeGreaterThan(maxListed / 2)
    expect(times.at(-1)).toBeGreaterThan(newYearMs + 359_000)
  })

  test('are not reached through a symbolic link', async () => {
    const root = volume()
    await strip(root, 1)
    const path = join(root, previewPath(cameraA, newYearMs))
    const other = join(dirname(path), 'other')
    appendFileSync(other, readFileSync(path))
    rmSync(path)
    symlinkSync(other, path)
    expect(await new PreviewReader(() => [root]).times(cameraA, newYearMs, newYearMs + hourMs)).toEqual([])
    await expect(strip(root, 1)).rejects.toThrow('ELOOP')
  })
})

/** A decoded picture's hash, for each picture of a raw stream. */
function pictureHashes(units: readonly Buffer[]): string[] {
  const args = ['-v', 'error', '-f', 'h264', '-i', '-', '-f', 'framemd5', '-']
  const { stdout } = spawnSync('ffmpeg', args, { input: Buffer.concat(units) })
  const lines = stdout.toString().split('\n')
  return lines
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(',').at(-1)?.trim() ?? '')
}

describe.skipIf(!hasFfmpeg)('snapshot', () => {
  const clip = hasFfmpeg ? encodeClip({ codec: 'h264', seconds: 4, fps: 10, gopFrames: 20, startMs: newYearMs }) : []

  test('holds the key frame and all pictures up to the instant, and decodes to that picture', async () => {
    using recorded = new RecordedFootage()
    recorded.record([...clip, ...later(clip, 9000, 2)], { maxSegmentMs: 60_000 })
    const footage = new Footage(recorded.deps())
    const expected = pictureHashes(clip.map(annexB))
    for (const [atMs, frame] of [
      [0, 0],
      [99, 0],
      [100, 1],
      [1950, 19],
      [2000, 20],
      [3333, 33],
      [9000, 0],
    ] as const) {
      const { codec, units, captureMs } = await unitsAt(footage, cameraA, 'main', newYearMs + atMs)
      expect([codec, captureMs]).toEqual(['h264', newYearMs + (atMs < 9000 ? frame * 100 : 9000)])
      expect(units).toHaveLength((frame % 20) + 1)
      expect(pictureHashes(units).at(-1)).toBe(expected[frame])
    }
    await expect(unitsAt(footage, cameraA, 'main', newYearMs + 7000)).rejects.toMatchObject({ code: 'no_footage' })
  })

  test('decodes a bounded part of a very large group of pictures, and says which picture it shows', async () => {
    using recorded = new RecordedFootage()
    const [first] = clip
    if (!first) throw new Error('no clip')
    const huge = Buffer.alloc(600_000)
    huge.writeUInt32BE(huge.length - 4)
    const packets = Array.from(
      { length: 100 },
      (_, n): Packet => ({ ...first, isKey: n === 0, pts: n * 9000, captureMs: newYearMs + n * 100, data: huge }),
    )
    recorded.record(packets)
    const { units, captureMs } = await unitsAt(new Footage(recorded.deps()), cameraA, 'main', newYearMs + 9500)
    expect(units.length).toBeLessThan(90)
    expect(captureMs).toBe(newYearMs + (units.length - 1) * 100)
  })
})

describe.skipIf(!hasFfmpeg)('pictures of the past over HTTP', () => {
  async function serve() {
    const recorded = new RecordedFootage()
    folders.push(recorded.root)
    recorded.record(encodeClip({ codec: 'h264', seconds: 2, fps: 10, startMs: newYearMs }))
    await strip(recorded.root, 3)
    const { http, ask } = await openTestHttp({ users: { anna: { replay: [cameraA] }, eve: { view: [cameraA] } } })
    previewRoutes(http, {
      previews: new PreviewReader(() => [recorded.root]),
      footage: new Footage(recorded.deps()),
      decodeJpeg: async ({ codec, units, maxWidth }) => Buffer.from(`${codec} ${units.length} ${maxWidth}`),
    })
    return ask
  }

  test('lists previews, gives each, and any instant as a JPEG with its time', async () => {
    const ask = await serve()
    const list = await ask(`/api/cameras/${cameraA}/previews?fromMs=${newYearMs}&toMs=${newYearMs + hourMs}`, 'anna')
    expect(previewList.parse(list.json()).times).toHaveLength(3)
    const preview = await ask(`/api/cameras/${cameraA}/previews/${newYearMs + 12_345}.jpg`, 'anna')
    expect(preview.body).toBe('jpeg 1')
    expect(preview.headers).toMatchObject({ 'content-type': 'image/jpeg', 'x-capture-ms': String(newYearMs + 10_000) })
    expect(preview.headers['cache-control']).toContain('no-store')
    const snapshot = await ask(`/api/cameras/${cameraA}/snapshot.jpg?atMs=${newYearMs + 550}&maxWidth=640`, 'anna')
    expect([snapshot.body, snapshot.headers['x-capture-ms']]).toEqual(['h264 6 640', String(newYearMs + 500)])
    const none = await ask(`/api/cameras/${cameraA}/previews/5.jpg`, 'anna')
    expect([none.statusCode, none.json().code]).toEqual([404, 'no_footage'])
  })

  test('R5 gives none of it without the replay right, and refuses what is no time', async () => {
    const ask = await serve()
    const camera = `/api/cameras/${cameraA}`
    for (const url of [
      `${camera}/previews?fromMs=0&toMs=1`,
      `${camera}/previews/5.jpg`,
      `${camera}/snapshot.jpg?atMs=5`,
    ]) {
      expect((await ask(url, 'eve')).statusCode).toBe(404)
      expect((await ask(url, 'nobody')).statusCode).toBe(401)
      expect((await ask(url.replaceAll(cameraA, '..%2f..'), 'anna')).statusCode).toBe(404)
    }
    for (const url of [`${camera}/previews/x.jpg`, `${camera}/previews/-5.jpg`, `${camera}/snapshot.jpg`])
      expect((await ask(url, 'anna')).statusCode).toBe(400)
  })
})
