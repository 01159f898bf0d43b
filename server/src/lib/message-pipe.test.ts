import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { readPipeMessages, writePipeMessage } from './message-pipe.ts'

function openPipe() {
  const pipe = new PassThrough()
  const received: [unknown, string][] = []
  pipe.on('error', () => {})
  readPipeMessages(pipe, (header, payload) => received.push([header, payload.toString()]))
  return { pipe, received }
}
const settle = () => new Promise((resolve) => setImmediate(resolve))

test('gives each message whole, however the bytes arrive', async () => {
  const source = new PassThrough()
  for (const n of [1, 2, 3]) writePipeMessage(source, { n }, Buffer.from('x'.repeat(n * 1000)))
  await settle()
  const bytes: Buffer = source.read()
  const { pipe, received } = openPipe()
  for (const byte of bytes) pipe.write(Buffer.from([byte]))
  await settle()
  expect(received).toEqual([1, 2, 3].map((n) => [{ n }, 'x'.repeat(n * 1000)]))
})

test.each([
  ['a header that is no JSON', Buffer.from([1, 0, 0, 0, 0, 0, 0, 0, 0x7b])],
  ['sizes beyond all bounds', Buffer.from([255, 255, 255, 255, 255, 255, 255, 255])],
])('ends the pipe at %s', async (_, bytes) => {
  const { pipe, received } = openPipe()
  pipe.write(bytes)
  await settle()
  expect(pipe.destroyed).toBe(true)
  expect(received).toEqual([])
})
