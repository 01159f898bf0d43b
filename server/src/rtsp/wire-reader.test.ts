import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { interleaved } from '../../../test/support/rtp-maker.ts'
import { AppError } from '../lib/app-error.ts'
import { WireReader } from './wire-reader.ts'

/** Everything that a reader makes of `bytes`, cut into pieces of these sizes in turn. */
function readAll(bytes: Buffer, sizes: readonly number[] = [bytes.length], knownChannels = 4): string[] {
  const seen: string[] = []
  const reader = new WireReader({
    onFrame: (channel, buffer, start, end) => {
      seen.push(`${channel} ${buffer.toString('hex', start, end)}`)
      return channel < knownChannels
    },
    onMessage: ({ status, body }) => seen.push(`${status} ${body}`),
    knowsChannel: (channel) => channel < knownChannels,
  })
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const count = Math.min(sizes[i % sizes.length] ?? 1, bytes.length - at, reader.space().length)
    bytes.copy(reader.space(), 0, at, at + count)
    reader.take(count)
    at += count
  }
  return seen
}

const frame = fc
  .record({ channel: fc.integer({ min: 0, max: 3 }), payload: fc.uint8Array({ maxLength: 40 }) })
  .map(({ channel, payload }) => ({
    bytes: interleaved(channel, Buffer.from(payload)),
    seen: `${channel} ${Buffer.from(payload).toString('hex')}`,
  }))
const message = fc
  .record({ status: fc.integer({ min: 100, max: 599 }), body: fc.stringMatching(/^[ -~]{0,40}$/), lf: fc.boolean() })
  .map(({ status, body, lf }) => {
    const text = `RTSP/1.0 ${status} X\r\nCSeq: 1\r\nContent-Length: ${body.length}\r\n\r\n`
    return { bytes: Buffer.from((lf ? text.replaceAll('\r', '') : text) + body), seen: `${status} ${body}` }
  })
const pieces = fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 20 })

describe('taking a connection’s bytes apart', () => {
  test('gives every frame and message, however the bytes are cut', () => {
    const stream = fc.array(fc.oneof(frame, message), { minLength: 1, maxLength: 30 })
    fc.assert(
      fc.property(stream, pieces, (items, sizes) => {
        const bytes = Buffer.concat(items.map((item) => item.bytes))
        expect(readAll(bytes, sizes)).toEqual(items.map((item) => item.seen))
      }),
    )
  })

  test('finds the next frame after garbage without a dollar sign', () => {
    const garbage = fc
      .uint8Array({ minLength: 1, maxLength: 200 })
      .map((bytes) => bytes.filter((b) => b !== 0x24 && b !== 0x52))
    fc.assert(
      fc.property(
        frame,
        garbage,
        fc.array(frame, { minLength: 1, maxLength: 5 }),
        pieces,
        (first, bytes, rest, sizes) => {
          const stream = Buffer.concat([first.bytes, bytes, ...rest.map((item) => item.bytes)])
          const isMessageLike = /[OGSAT]/.test(Buffer.from(bytes).toString('latin1'))
          fc.pre(!isMessageLike)
          expect(readAll(stream, sizes)).toEqual([first, ...rest].map((item) => item.seen))
        },
      ),
    )
  })

  test('random bytes end in an AppError or in nothing', () => {
    const start = fc.constantFrom(
      '',
      '$\0\0\x01x',
      'RTSP/1.0 200 OK\r\n',
      'RTSP/1.0 200 OK\r\nContent-Length: 5\r\n\r\n',
    )
    const some = fc.oneof(
      fc.uint8Array({ maxLength: 3000 }),
      fc.string({ maxLength: 3000, unit: fc.constantFrom(...'$\0\x01RTSP/1.0 2\r\n:OPTIONS') }),
    )
    fc.assert(
      fc.property(start, some, pieces, (head, bytes, sizes) => {
        const stream = Buffer.concat([Buffer.from(head, 'latin1'), Buffer.from(bytes as Uint8Array)])
        try {
          readAll(stream, sizes)
        } catch (error) {
          expect(error).toBeInstanceOf(AppError)
          expect(error).toHaveProperty('code', expect.stringMatching(/^camera_/))
        }
      }),
      { numRuns: 500 },
    )
  })

  test('a head that comes byte by byte is searched once, not again and again', () => {
    const head = Buffer.from(
      `RTSP/1.0 200 OK\r\n${'X: yyyyyyyyyyyyyyyyyyyyyyyyyy\r\n'.repeat(90)}Content-Length: 60000\r\n\r\n`,
    )
    const startMs = performance.now()
    expect(readAll(Buffer.concat([head, Buffer.alloc(60_000, 0x61)]), [1])).toHaveLength(1)
    expect(performance.now() - startMs).toBeLessThan(2000)
  })

  test('garbage has an end', () => {
    const bytes = Buffer.concat([interleaved(0, Buffer.alloc(4)), Buffer.alloc(70_000, 0x61)])
    expect(() => readAll(bytes, [1000])).toThrow(expect.objectContaining({ code: 'camera_unreachable' }))
  })
})
