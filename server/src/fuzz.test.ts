/**
 * R16, R19: what browsers, other processes and files on a foreign disk may send, fuzzed with a fixed seed (docs/design/threat-model.md
 * lists all such tests). Anything is an answer or an AppError, soon.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { fragmentHead, initSegment } from '@vedette/shared/fmp4.ts'
import { id } from '@vedette/shared/id.ts'
import { liveType } from '@vedette/shared/live-frame.ts'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import type { z } from 'zod'
import { AccessHouse } from '../../test/support/access-house.ts'
import { openAccountServer, password } from '../../test/support/account-server.ts'
import { anyMessage, fuzzRuns, mutatedBytes, mutatedText, survives } from '../../test/support/fuzz.ts'
import { openedNote } from '../../test/support/segment-bytes.ts'
import { SoftPasskey } from '../../test/support/soft-passkey.ts'
import { ManualClock } from './lib/clock.ts'
import { readPipeMessages, writePipeMessage } from './lib/message-pipe.ts'
import { readableLine } from './lib/readable-line.ts'
import { answerRange, parseRange } from './live/byte-range.ts'
import { feedHeader } from './live/feed-message.ts'
import { LiveSession } from './live/live-session.ts'
import {
  audioTicksPerS,
  boxesIn,
  decodeTicksOf,
  moveFragment,
  muteFragment,
  muteInit,
  videoConfig,
  videoSamples,
} from './live/mp4-walk.ts'
import { type NumberedNote, numberedNote } from './record/note.ts'
import { readJournal } from './record/read-journal.ts'
import { parseHeadBox, parseTailBox, tailBox, tailBytes } from './record/segment-format.ts'
import { fromRecorder, toRecorder } from './recorder-messages.ts'
import { fromVision, toVision } from './vision/vision-messages.ts'

const folder = mkdtempSync(join(tmpdir(), 'vedette-fuzz-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('R13 any message of a live client is answered or ends its session', () => {
  const question = Buffer.alloc(10)
  question[0] = liveType.clock
  fc.assert(
    fc.property(fc.array(mutatedBytes(question), { maxLength: 40 }), (messages) => {
      const sent: number[] = []
      let closes = 0
      const socket = {
        bufferedAmount: 0,
        send: (bytes: Buffer) => void sent.push(bytes.length),
        ping: () => {},
        close: () => void closes++,
        terminate: () => {},
      }
      const session = new LiveSession({ socket, clock: new ManualClock(), withAudio: false })
      survives(() => {
        for (const message of messages) session.receive(message)
      })
      expect([sent.length <= 20, closes <= 1]).toEqual([true, true])
    }),
    fuzzRuns(2000),
  )
})

test('R19 a Range header names bytes of the file, or none', () => {
  const range = mutatedText('bytes=0-99', 'bytes=-5', 'bytes=10-', 'bytes=0-0,5-9', 'bytes=99999999999999999999-')
  fc.assert(
    fc.property(range, fc.nat({ max: 2 ** 40 }), fc.constantFrom('GET', 'HEAD'), (text, sizeBytes, method) => {
      const found = parseRange(text, sizeBytes)
      if (found.kind === 'part')
        expect(found.first >= 0 && found.first <= found.last && found.last < sizeBytes).toBe(true)
      const { first, end, headers } = answerRange({ method, headers: { range: text } }, { sizeBytes, etag: '"x"' })
      expect([first <= end, end <= sizeBytes]).toEqual([true, true])
      expect(Object.values(headers).join()).toMatch(/^[\x20-\x7e]*$/)
    }),
    fuzzRuns(3000),
  )
})

const forms: Readonly<Record<string, z.ZodType>> = {
  toRecorder,
  fromRecorder,
  feedHeader,
  toVision,
  fromVision,
  numberedNote,
}
const words = [
  openedNote.id,
  'main',
  'opened',
  'configure',
  'probe',
  'video',
  'format',
  'watch',
  'frames',
  'decode',
  'camera',
  'key',
  1,
]

test.each(Object.entries(forms))(
  'R19 %s takes a message or refuses it, whatever another process sends',
  (_name, form) => {
    const keys = [
      'do',
      'say',
      'kind',
      'note',
      'n',
      'requestId',
      'cameraId',
      'stream',
      'feed',
      'id',
      'units',
      'status',
      'isKey',
      'captureMs',
    ]
    fc.assert(
      fc.property(anyMessage(keys, words), (message) => {
        const parsed = form.safeParse(message)
        if (parsed.success) expect(Object.getPrototypeOf(parsed.data)).toBe(Object.prototype)
        expect(Reflect.get({}, 'x')).toBeUndefined()
      }),
      fuzzRuns(1500),
    )
  },
)

test('R16 a pipe gives whole messages, or ends', async () => {
  const good = new PassThrough()
  writePipeMessage(good, { kind: 'video', feed: 1 }, Buffer.from('picture'))
  writePipeMessage(good, { kind: 'audio' }, Buffer.alloc(0))
  await new Promise((done) => setImmediate(done))
  const bytes: Buffer = good.read()
  await fc.assert(
    fc.asyncProperty(mutatedBytes(bytes), fc.nat({ max: 60 }), async (given, cut) => {
      const pipe = new PassThrough()
      pipe.on('error', () => {})
      const payloads: number[] = []
      readPipeMessages(pipe, (_header, payload) => payloads.push(payload.length))
      pipe.write(given.subarray(0, cut))
      pipe.end(given.subarray(cut))
      await new Promise((done) => setImmediate(done))
      expect(payloads.reduce((sum, length) => sum + length, 0)).toBeLessThanOrEqual(given.length)
    }),
    fuzzRuns(1000),
  )
})

test('R16 a journal gives its notes, whatever stands between them', async () => {
  const line = JSON.stringify({ n: 1, ...openedNote })
  await fc.assert(
    fc.asyncProperty(
      fc.array(mutatedText(line, '{"n":2,"note":"gap"}', '{"__proto__":{"n":1}}', 'null'), { maxLength: 8 }),
      async (lines) => {
        // The good one in the middle must come out: nobody's nonsense hides it.
        const text = [
          ...lines.map((one) => one.replaceAll('\n', ' ')),
          line,
          ...lines.map((one) => one.replaceAll('\n', ' ')),
        ].join('\n')
        writeFileSync(join(folder, `${openedNote.runId}.ndjson`), `${text}\n`)
        const notes: NumberedNote[] = []
        for await (const note of readJournal(folder, openedNote.runId)) notes.push(note)
        expect(notes.some((note) => note.note === 'opened' && note.id === openedNote.id)).toBe(true)
        for (const note of notes) expect(numberedNote.safeParse(note).success).toBe(true)
      },
    ),
    fuzzRuns(300),
  )
})

test('R16 boxes of a foreign file are read inside their bounds', () => {
  const sets = ['674d401fec', '68ebe3cb'].map((hex) => Buffer.from(hex, 'hex'))
  const audio = { codec: 'aac', sampleRate: 16_000, channels: 1, config: Buffer.from('1408', 'hex') } as const
  const init = initSegment({ video: { codec: 'h264', width: 640, height: 360, parameterSets: sets }, audio })
  const samples = [{ sizeBytes: 100, durationTicks: 3600, isKey: true, offsetTicks: 0 }]
  const moof = fragmentHead(7, [{ trackId: 1, decodeTicks: 90_000, samples }])
  // Found by a long run: a track's part that ends before its times.
  const shortTraf = Buffer.concat([
    Buffer.from(
      '00000024 6d6f6f66 00000010 6d666864 00000000 00000007 0000000c 74726166 00000000'.replaceAll(' ', ''),
      'hex',
    ),
  ])
  const tail = tailBox({ v: 1, sha256: 'a'.repeat(64), endMs: 1, frames: 1, durationMs: 1, end: 'full' })
  fc.assert(
    fc.property(mutatedBytes(init, moof, shortTraf, tail), (bytes) => {
      survives(() => boxesIn(bytes))
      survives(() => audioTicksPerS(bytes))
      survives(() => videoConfig(bytes))
      survives(() => muteInit(Buffer.from(bytes)))
      survives(() => decodeTicksOf(bytes, 1))
      survives(() => moveFragment(Buffer.from(bytes), { sequence: 1, videoTicks: -90_000, audioTicks: 5 }))
      survives(() => muteFragment(Buffer.from(bytes)))
      survives(() => videoSamples(bytes).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0))
      survives(() => parseHeadBox(bytes))
      survives(() => parseTailBox(Buffer.concat([bytes, Buffer.alloc(tailBytes)]).subarray(0, tailBytes)))
    }),
    fuzzRuns(4000),
  )
})

test('R16 a line of the log cannot move the cursor', () => {
  const line = JSON.stringify({ level: 50, time: '2026-01-01T00:00:00.000Z', name: 'recorder', msg: 'x', camera: 'y' })
  fc.assert(
    fc.property(mutatedText(line), fc.string({ unit: 'binary' }), (text, words) => {
      survives(() => readableLine(`${text}\n`))
      const spoken = readableLine(
        `${JSON.stringify({ level: 30, time: 't', name: 'n', msg: words, err: { message: words } })}\n`,
      )
      expect(spoken).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/)
    }),
    fuzzRuns(2000),
  )
})

test('R4 no changed answer of an authenticator opens a sign-in, and none of them is an error of ours', async () => {
  const server = await openAccountServer()
  await server.add('anna')
  const page = server.browser()
  await page.logIn('anna')
  const key = new SoftPasskey('http://vedette.example', 'vedette.example')
  const changed = (good: string, noise: Buffer, at: number) => {
    const bytes = Buffer.from(good, 'base64url')
    const cut = at % (bytes.length + 1)
    const made = Buffer.concat([bytes.subarray(0, cut), noise, bytes.subarray(cut + noise.length + 1)])
    // What stands behind a whole signature is not read: that is the same answer in another writing, to a challenge that is used up.
    const isSame = made.subarray(0, bytes.length).equals(bytes)
    return made.length === 0 || isSame ? undefined : made.toString('base64url')
  }
  const made = async (noise: Buffer, at: number) => {
    const options = await page.post('/api/me/passkeys/options', { password })
    const { response, ...rest } = key.create(options.body.publicKey.challenge)
    const attestationObject = changed(response.attestationObject, noise, at)
    if (!attestationObject) return
    const answer = await page.post('/api/me/passkeys', {
      name: 'x',
      credential: { ...rest, response: { ...response, attestationObject } },
    })
    // Nobody signs what an authenticator says of itself: some changes only make another passkey of the same person.
    expect([200, 400, 409]).toContain(answer.status)
  }
  await fc.assert(
    fc.asyncProperty(mutatedBytes(Buffer.alloc(0)), fc.nat(), async (noise, at) => {
      server.clock.advance(61_000)
      await made(noise, at)
    }),
    fuzzRuns(60),
  )
  const options = await page.post('/api/me/passkeys/options', { password })
  const mine = new SoftPasskey('http://vedette.example', 'vedette.example')
  await page.post('/api/me/passkeys', { name: 'Phone', credential: mine.create(options.body.publicKey.challenge) })
  const places = fc.constantFrom('clientDataJSON', 'authenticatorData', 'signature')
  await fc.assert(
    fc.asyncProperty(places, mutatedBytes(Buffer.alloc(0)), fc.nat(), async (place, noise, at) => {
      server.clock.advance(61_000)
      const other = server.browser()
      await other.logIn('anna')
      const asked = await other.post('/api/login/passkey')
      const { response, ...rest } = mine.get(String(asked.body.publicKey.challenge))
      const bad = changed(response[place as keyof typeof response], noise, at)
      if (!bad) return
      const credential = { ...rest, response: { ...response, [place]: bad } }
      expect([400, 403]).toContain((await other.prove({ method: 'passkey', credential })).status)
    }),
    fuzzRuns(60),
  )
})

test('R19 any head of a request is answered without an error of ours, and the server goes on', async () => {
  await using house = await AccessHouse.open()
  const port = Number(new URL(house.url).port)
  const cookie = house.headersOf('admin').cookie ?? ''
  const head = (path: string, more = '') =>
    `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nCookie: ${cookie}\r\n${more}\r\n`
  const { camera, segment } = house.a
  const good = [
    head(`/api/segments/${segment}/media`, 'Range: bytes=0-99\r\nIf-Range: "x"\r\n'),
    head(`/api/cameras/${camera}/playback?startMs=1&endMs=2`, 'Accept-Encoding: gzip\r\n'),
    head('/api/audit?limit=5&kind=login.ok', 'X-API-Key: vdt_x\r\nAuthorization: Bearer x\r\n'),
    head(
      `/api/cameras/${camera}/live?stream=main`,
      'Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n',
    ),
    head('/api/me')
      .replace('GET', 'PATCH')
      .replace('\r\n\r\n', '\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}'),
    head(
      '/api/events',
      'X-Forwarded-For: 1.2.3.4\r\nX-Forwarded-Proto: https\r\nForwarded: for=x\r\nTransfer-Encoding: chunked\r\n',
    ),
  ]
  const ask = (text: string) =>
    new Promise<string>((resolve) => {
      const socket = connect(port, '127.0.0.1')
      let answer = ''
      socket.on('data', (bytes) => {
        answer += bytes.toString('latin1', 0, 200)
        socket.destroy()
      })
      socket.on('error', () => resolve(answer))
      socket.on('close', () => resolve(answer))
      socket.end(Buffer.from(text, 'latin1'))
    })
  await fc.assert(
    fc.asyncProperty(mutatedText(...good), async (text) => {
      expect(await ask(text)).not.toMatch(/^HTTP\/1\.1 5/)
    }),
    fuzzRuns(600),
  )
  expect(await ask(head('/api/me'))).toMatch(/^HTTP\/1\.1 200/)
})

test('R18 ids are ids', () => {
  fc.assert(
    fc.property(mutatedText(openedNote.id), (text) => {
      expect(id.safeParse(text).success).toBe(/^[0-9A-HJKMNP-TV-Z]{26}$/.test(text))
    }),
    fuzzRuns(2000),
  )
})
