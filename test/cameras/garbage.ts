/** Things that answer on a camera's port and are no camera. */
import { randomBytes } from 'node:crypto'
import type { Socket } from 'node:net'

export type GarbageKind = 'random' | 'http' | 'dollars' | 'drip' | 'flood' | 'silent'

const blockBytes = 64 * 1024
const dripMs = 200
const floodMbit = 50
const floodTickMs = 20

export function serveGarbage(socket: Socket, kind: GarbageKind): void {
  socket.on('error', () => undefined) // 'close' follows.
  socket.resume()
  if (kind === 'http') {
    socket.end('HTTP/1.1 400 Bad Request\r\nContent-Type: text/html\r\n\r\n<html><h1>400 Bad Request</h1></html>')
  } else if (kind === 'random') pour(socket, () => randomBytes(blockBytes))
  else if (kind === 'dollars') pour(socket, () => Buffer.alloc(blockBytes, '$'))
  else if (kind === 'drip') drip(socket)
  else if (kind === 'flood') flood(socket)
}

/** As fast as the other side takes it. */
function pour(socket: Socket, block: () => Buffer): void {
  const fill = () => {
    while (!socket.destroyed && socket.write(block()));
  }
  socket.on('drain', fill)
  fill()
}

/** An answer that is right as far as it goes, a byte at a time, and never ends. */
function drip(socket: Socket): void {
  const head = 'RTSP/1.0 200 OK\r\nCSeq: 1\r\n'
  let sent = 0
  const timer = setInterval(() => socket.write(head[sent++] ?? 'x'), dripMs)
  socket.on('close', () => clearInterval(timer))
}

/** Well-formed interleaved frames of nonsense at 50 Mbit/s, whatever is asked. */
function flood(socket: Socket): void {
  const frame = Buffer.concat([Buffer.from([0x24, 0, 0x05, 0x78]), randomBytes(1400)])
  const frames = Math.round((floodMbit * 1e6 * floodTickMs) / 8000 / frame.length)
  const block = Buffer.concat(Array.from({ length: frames }, () => frame))
  const timer = setInterval(() => socket.writableLength < 10 * block.length && socket.write(block), floodTickMs)
  socket.on('close', () => clearInterval(timer))
}
