/**
 * Node's channel believes the process at its other end: bytes that are no message, and orders of Node's own that nobody asked
 * for, throw within Node and would end the parent. A child that was taken over must not be able to: it ends itself that way.
 * Bound: `maxMessageBytes` of one message.
 * Reaches for Node's handle by its symbol's name, for which there is no public way; a test fails when a newer Node has another.
 */
import type { ChildProcess } from 'node:child_process'

/** As many as a pipe message (lib/message-pipe.ts), and its header. */
const maxMessageBytes = 33 * 1024 * 1024

/** Call before anything is read. `onNonsense` hears once of what cannot be read; nothing more is read then. */
export function guardChannel(child: ChildProcess, onNonsense: (why: string) => void): void {
  // They hand over sockets and servers, which no process of ours does.
  child.removeAllListeners('internalMessage')
  const channel = hidden(child, 'kChannelHandle')
  if (typeof channel !== 'object' || channel === null) return
  const read: unknown = Reflect.get(channel, 'onread')
  if (typeof read !== 'function') return
  let isNonsense = false
  const found = (why: string) => {
    isNonsense = true
    onNonsense(why)
  }
  const readGuarded = (bytes: unknown, ...more: readonly unknown[]) => {
    // The end of the channel comes without bytes.
    if (isNonsense && bytes !== undefined) return
    try {
      Reflect.apply(read, channel, [bytes, ...more])
      const waitingBytes = hidden(channel, 'kMessageBufferSize')
      if (typeof waitingBytes === 'number' && waitingBytes > maxMessageBytes) found('a message without an end')
    } catch (error) {
      found(error instanceof Error ? error.message : 'no message')
    }
  }
  Reflect.set(channel, 'onread', readGuarded)
}

function hidden(of: object, name: string): unknown {
  const symbol = Object.getOwnPropertySymbols(of).find(({ description }) => description === name)
  return symbol && Reflect.get(of, symbol)
}
