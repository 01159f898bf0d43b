/**
 * A parent's end of the channel to a child that is Node: to the child it is Node's own (process.send), here it is a plain pipe.
 * Node's own end believes the child: bytes that are no message throw in the parent, and a descriptor that is sent along aborts
 * it, unguarded. A plain pipe is read with read(2): the kernel lets descriptors fall.
 *
 * In:    length u32 (big-endian) · value as V8 writes it ("advanced"). Out: values, to be parsed by whoever gets them.
 * Bound: `maxMessageBytes` a message; more than `maxPerWindow` in `windowMs` wait in the pipe, and so does who sends them.
 */
import type { Readable, Writable } from 'node:stream'
import { DefaultDeserializer, DefaultSerializer } from 'node:v8'

/** As many as a pipe message (lib/message-pipe.ts), and its header. */
const maxMessageBytes = 33 * 1024 * 1024
const [windowMs, maxPerWindow] = [100, 2000]

export type ChannelPipe = Readable & Writable

export class ChildChannel {
  readonly #pipe: ChannelPipe
  readonly #onNonsense: (why: string) => void
  #onMessage: (message: unknown) => void = () => {}
  #parts: Buffer[] = []
  #bytes = 0
  #neededBytes = 4
  #inWindow = 0
  #timer: NodeJS.Timeout | undefined

  /** `onNonsense` hears once of what cannot be read; nothing more is read then. */
  constructor(pipe: ChannelPipe, onNonsense: (why: string) => void) {
    this.#pipe = pipe
    this.#onNonsense = onNonsense
    pipe.on('error', () => {}) // The child ended; its exit says so.
    pipe.on('close', () => clearTimeout(this.#timer))
    pipe.on('data', (chunk: Buffer) => {
      this.#parts.push(chunk)
      this.#bytes += chunk.length
      if (this.#bytes >= this.#neededBytes) this.#read()
    })
  }

  get isOpen(): boolean {
    return this.#pipe.writable
  }

  onMessage(take: (message: unknown) => void): void {
    this.#onMessage = take
  }

  /** Does nothing once the child is gone. */
  send(message: unknown): void {
    if (!this.#pipe.writable) return
    const serializer = new Serializer()
    serializer.writeHeader()
    serializer.writeValue(message)
    const value = serializer.releaseBuffer()
    const size = Buffer.allocUnsafe(4)
    size.writeUInt32BE(value.length)
    this.#pipe.write(Buffer.concat([size, value]))
  }

  /** The child hears that its parent is gone. */
  close(): void {
    this.#pipe.destroy()
  }

  #read(): void {
    let rest: Buffer = this.#parts.length === 1 ? (this.#parts[0] ?? Buffer.alloc(0)) : Buffer.concat(this.#parts)
    for (;;) {
      this.#neededBytes = 4 + (rest.length < 4 ? 0 : rest.readUInt32BE(0))
      if (this.#neededBytes > maxMessageBytes) return this.#end('a message without an end')
      if (rest.length < Math.max(4, this.#neededBytes)) break
      const value = readValue(rest.subarray(4, this.#neededBytes))
      rest = rest.subarray(this.#neededBytes)
      if (!value) return this.#end('what is no message')
      this.#countOne()
      if (!isOrder(value.value)) this.#onMessage(value.value)
    }
    this.#parts = rest.length > 0 ? [rest] : []
    this.#bytes = rest.length
  }

  #countOne(): void {
    this.#inWindow += 1
    if (this.#inWindow > maxPerWindow) this.#pipe.pause()
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      this.#inWindow = 0
      this.#pipe.resume()
    }, windowMs)
  }

  #end(why: string): void {
    this.#parts = []
    this.#pipe.destroy()
    this.#onNonsense(why)
  }
}

/** Undefined: it cannot be read. */
function readValue(bytes: Buffer): { readonly value: unknown } | undefined {
  try {
    // A copy: what the value refers to must not keep the rest of a large piece in memory.
    const deserializer = new Deserializer(Buffer.from(bytes))
    deserializer.readHeader()
    return { value: deserializer.readValue() }
  } catch {
    return undefined
  }
}

/** Between Node and Node, about sockets that are handed over: none of ours does that. */
function isOrder(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const order: unknown = Reflect.get(value, 'cmd')
  return typeof order === 'string' && order.startsWith('NODE_')
}

/** Node marks in its channel whether an object of its own is a view of bytes; nothing else of its own is said here. */
const [viewTag, otherTag] = [0, 1]

class Serializer extends DefaultSerializer {
  _writeHostObject(object: NodeJS.ArrayBufferView): void {
    this.writeUint32(viewTag)
    Reflect.apply(Reflect.get(DefaultSerializer.prototype, '_writeHostObject'), this, [object])
  }
}

class Deserializer extends DefaultDeserializer {
  _readHostObject(): unknown {
    const tag = this.readUint32()
    if (tag === otherTag) return this.readValue()
    if (tag !== viewTag) throw new Error('an object that is not known')
    return Reflect.apply(Reflect.get(DefaultDeserializer.prototype, '_readHostObject'), this, [])
  }
}
