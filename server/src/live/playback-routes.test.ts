/** Footage over HTTP: real segments, the real guard, real sockets where it matters. */
import { execFile } from 'node:child_process'
import { get } from 'node:http'
import type { AddressInfo } from 'node:net'
import { playbackParts } from '@vedette/shared/playback.ts'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { encodeAac, encodeClip, hasFfmpeg } from '../../../test/support/encoded-clip.ts'
import { interleave, later, RecordedFootage } from '../../../test/support/recorded-footage.ts'
import { cameraA, newYearMs } from '../../../test/support/segments.ts'
import { openTestHttp, type TestUsers } from '../../../test/support/test-http.ts'
import { systemClock } from '../lib/clock.ts'
import { Footage } from './footage.ts'
import { playbackRoutes } from './playback-routes.ts'
import { RightsWatch } from './rights-watch.ts'

/** A busy machine may need seconds. */
const soon = (check: () => void) => vi.waitFor(check, { timeout: 60_000, interval: 5 })

describe.skipIf(!hasFfmpeg)('playback over HTTP', () => {
  const recorded = new RecordedFootage()
  const users: TestUsers = {
    anna: { replay: [cameraA], audio: [cameraA] },
    ben: { replay: [cameraA] },
    eve: { view: [cameraA] },
  }
  const rights = new RightsWatch()
  let server: Awaited<ReturnType<typeof openTestHttp>>
  let base = ''

  beforeAll(async () => {
    // Large enough not to fit into the system's socket buffers: 20 MB in all.
    const large = { size: '1280x720', bitsPerSecond: 15_000_000 }
    const pictures = encodeClip({ codec: 'h264', seconds: 6, fps: 10, startMs: newYearMs, ...large })
    // Sound first: the recorder begins a new file when it learns of it later.
    const packets = interleave(pictures, encodeAac(6, newYearMs - 30))
    recorded.record(packets, { maxSegmentMs: 2000 })
    recorded.record(later(packets, 16_000, 2), { maxSegmentMs: 2000, leaveOpen: true })
    server = await openTestHttp({
      users,
      findCameraOf: (_, id) => [...recorded.segments, ...recorded.open].find((s) => s.id === id)?.cameraId,
    })
    playbackRoutes(server.http, {
      footage: new Footage(recorded.deps()),
      clock: systemClock,
      isAllowed: server.isAllowed,
      watchRight: rights.watch,
      stallMs: 700,
    })
    await server.http.listen({ host: '127.0.0.1', port: 0 })
    base = `http://127.0.0.1:${(server.http.server.address() as AddressInfo).port}`
  })
  afterAll(async () => {
    await server.http.close()
    recorded[Symbol.dispose]()
  })

  const span = `startMs=${newYearMs}&endMs=${newYearMs + 60_000}`
  const whole = `/api/cameras/${cameraA}/playback?${span}`
  const first = () => `/api/segments/${recorded.segments[0]?.id}/media`

  test('R38 whoever asks for very much at once waits, is refused, and keeps nobody out', async () => {
    const many = Array.from({ length: 300 }, (_, i) =>
      server.ask(
        `/api/cameras/${cameraA}/playback?startMs=${newYearMs - i}&endMs=${newYearMs + 60_000}`,
        'anna',
        {},
        'HEAD',
      ),
    )
    const other = await server.ask(`/api/cameras/${cameraA}/parts?${span}`, 'ben')
    expect(other.statusCode).toBe(200)
    const statuses = (await Promise.all(many)).map((answer) => answer.statusCode)
    expect([...new Set(statuses)].sort()).toEqual([200, 429])
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThan(100)
  })

  test('answers with one file, its size and what was skipped', async () => {
    const answer = await server.ask(whole, 'anna')
    expect(answer.statusCode).toBe(200)
    expect(answer.headers).toMatchObject({
      'content-type': 'video/mp4',
      'accept-ranges': 'bytes',
      'content-length': String(answer.rawPayload.length),
      'x-vedette-start-ms': String(newYearMs),
      'x-vedette-gaps': `${newYearMs + 6000}-${newYearMs + 16_000}`,
      'x-vedette-gaps-total-ms': '10000',
    })
    expect(answer.headers['x-vedette-next-ms']).toBeUndefined()
    expect(answer.headers['cache-control']).toContain('no-store')
    const head = await server.ask(whole, 'anna', {}, 'HEAD')
    expect(head.headers['content-length']).toBe(String(answer.rawPayload.length))
    expect(head.rawPayload).toHaveLength(0)
    expect(head.headers.etag).toBe(answer.headers.etag)
  })

  test('pieces asked for by Range are the bytes of the whole', async () => {
    const all = (await server.ask(whole, 'anna')).rawPayload
    const range = fc.tuple(fc.nat(all.length - 1), fc.nat(200_000))
    await fc.assert(
      fc.asyncProperty(range, async ([from, length]) => {
        const last = Math.min(from + length, all.length - 1)
        const answer = await server.ask(whole, 'anna', { range: `bytes=${from}-${last}` })
        expect(answer.statusCode).toBe(206)
        expect(answer.headers['content-range']).toBe(`bytes ${from}-${last}/${all.length}`)
        expect(answer.rawPayload.equals(all.subarray(from, last + 1))).toBe(true)
      }),
      { numRuns: 40 },
    )
    const suffix = await server.ask(whole, 'anna', { range: 'bytes=-1000' })
    expect(suffix.rawPayload.equals(all.subarray(-1000))).toBe(true)
    const beyond = await server.ask(whole, 'anna', { range: `bytes=${all.length}-` })
    expect([beyond.statusCode, beyond.headers['content-range']]).toEqual([416, `bytes */${all.length}`])
  })

  test('gives segment files by Range, the one that is being written too', async () => {
    const file = await server.ask(first(), 'anna')
    expect(file.rawPayload).toHaveLength(recorded.segments[0]?.sizeBytes ?? 0)
    const piece = await server.ask(first(), 'anna', { range: 'bytes=100-199' })
    expect(piece.rawPayload.equals(file.rawPayload.subarray(100, 200))).toBe(true)
    const open = await server.ask(`/api/segments/${recorded.open[0]?.id}/media`, 'anna')
    expect(open.statusCode).toBe(200)
    expect(open.rawPayload.length).toBeGreaterThan(1000)
    const head = await server.ask(first(), 'anna', {}, 'HEAD')
    expect([head.rawPayload.length, head.headers['content-length']]).toEqual([0, String(file.rawPayload.length)])
  })

  test('leaves the sound out for who asks for that, as for who may not hear it', async () => {
    const [heard, muted, unheard] = await Promise.all([
      server.ask(first(), 'anna'),
      server.ask(`${first()}?muted=1`, 'anna'),
      server.ask(first(), 'ben'),
    ])
    expect(muted.rawPayload.equals(unheard.rawPayload)).toBe(true)
    expect(muted.rawPayload).toHaveLength(heard.rawPayload.length)
    expect(muted.rawPayload.equals(heard.rawPayload)).toBe(false)
    expect(muted.headers.etag).not.toBe(heard.headers.etag)
  })

  test('lists parts whose offsets fit the files', async () => {
    const answer = await server.ask(`/api/cameras/${cameraA}/parts?${span}`, 'anna')
    const { parts, gaps, nextMs } = playbackParts.parse(answer.json())
    expect(parts).toHaveLength(6)
    expect([gaps.length, nextMs]).toEqual([2, null])
    for (const part of parts) {
      const file = (await server.ask(`/api/segments/${part.segmentId}/media`, 'anna')).rawPayload
      expect(file).toHaveLength(part.sizeBytes)
      for (const [, offset] of part.keys) expect(file.toString('latin1', offset + 4, offset + 8)).toBe('moof')
    }
  })

  test('plays as HLS in FFmpeg', async () => {
    const answer = await server.ask(`/api/cameras/${cameraA}/playback.m3u8?${span}`, 'anna')
    expect(answer.headers['content-type']).toBe('application/vnd.apple.mpegurl')
    const show = ['-show_entries', 'stream=codec_type,nb_read_packets', '-count_packets', '-of', 'csv=p=0']
    const url = `${base}/api/cameras/${cameraA}/playback.m3u8?${span}`
    const probing = ['-v', 'error', '-headers', 'x-user: anna\r\n', ...show, url]
    const out = await new Promise<string>((resolve, reject) =>
      execFile('ffprobe', probing, (error, stdout, stderr) => (error ? reject(new Error(stderr)) : resolve(stdout))),
    )
    expect(await (await fetch(url, { headers: { 'x-user': 'anna' } })).text()).toContain('#EXT-X-DISCONTINUITY')
    expect(out).toMatch(/video,1[12]0/)
    expect(out).toMatch(/audio,\d+/)
  })

  test('R5 gives nothing without the replay right, and no sound without the audio right', async () => {
    for (const url of [
      whole,
      first(),
      `/api/cameras/${cameraA}/parts?${span}`,
      `/api/cameras/${cameraA}/playback.m3u8?${span}`,
    ]) {
      expect((await server.ask(url, 'eve')).statusCode).toBe(404)
      expect((await server.ask(url, 'nobody')).statusCode).toBe(401)
    }
    const sounds = encodeAac(2).map((packet) => packet.data)
    for (const url of [whole, first()]) {
      const holds = (bytes: Buffer) => sounds.filter((sound) => sound.length > 30 && bytes.includes(sound)).length
      expect(holds((await server.ask(url, 'anna')).rawPayload)).toBeGreaterThan(10)
      expect(holds((await server.ask(url, 'ben')).rawPayload)).toBe(0)
    }
  })

  test('refuses what is no span, no id, and says where footage is', async () => {
    const ask = async (url: string) => (await server.ask(url, 'anna')).statusCode
    expect(await ask(`/api/cameras/${cameraA}/playback?startMs=5&endMs=5`)).toBe(400)
    expect(await ask(`/api/cameras/${cameraA}/playback?startMs=x&endMs=5`)).toBe(400)
    expect(await ask('/api/segments/..%2f..%2fetc/media')).toBe(404)
    expect(await ask('/api/segments/01ARZ3NDEKTSV4RRFFQ69G5FAV/media')).toBe(404)
    const none = await server.ask(`/api/cameras/${cameraA}/playback?startMs=0&endMs=5`, 'anna')
    expect(none.json()).toMatchObject({ code: 'no_footage', message: expect.stringContaining('2026-01-01') })
  })

  test('R3 ends a download when the session ends, and lets go when the client goes', async () => {
    /** A client that reads nothing until it is told to. */
    const download = (user: string) =>
      new Promise<{ readOn: () => Promise<string>; leave: () => void }>((resolve) => {
        const request = get(`${base}${whole}`, { headers: { 'x-user': user } }, (response) => {
          const readOn = () =>
            new Promise<string>((end) => {
              response.on('error', () => end('broken'))
              response.on('end', () => end('whole'))
              response.resume()
            })
          resolve({ readOn, leave: () => request.destroy() })
        })
        request.on('error', () => {})
      })
    const anna = await download('anna')
    const ben = await download('ben')
    await soon(() => expect(rights.sessionIds.sort()).toEqual(['session of anna', 'session of ben']))
    rights.endSession('session of anna')
    expect(await anna.readOn()).toBe('broken')
    const listening = await download('anna')
    await soon(() => expect(rights.sessionIds.sort()).toEqual(['session of anna', 'session of ben']))
    await rights.recheck(async ({ right }) => right !== 'audio')
    expect(await listening.readOn()).toBe('broken')
    expect(rights.sessionIds).toEqual(['session of ben'])
    ben.leave()
    await soon(() => expect(rights.sessionIds).toEqual([]))
  })

  test('R38 cuts a download that takes nothing', async () => {
    const request = get(`${base}${whole}`, { headers: { 'x-user': 'anna' } }, (response) => response.pause())
    request.on('error', () => {})
    await soon(() => expect(rights.sessionIds).toEqual(['session of anna']))
    await soon(() => expect(rights.sessionIds).toEqual([]))
    request.destroy()
  })

  test('FFmpeg reads the whole span over HTTP with seeks', async () => {
    const args = ['-v', 'error', '-headers', 'x-user: anna\r\n', '-ss', '8', '-i', `${base}${whole}`, '-f', 'null', '-']
    const complaints = await new Promise<string>((resolve) => execFile('ffmpeg', args, (_e, _out, err) => resolve(err)))
    expect(complaints).toBe('')
  })
})
