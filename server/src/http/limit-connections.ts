/**
 * How many connections one address may hold open, and all together: whoever opens thousands of them (not even signed in)
 * otherwise keeps the server busy with them and uses up its files (SECURITY.md R38).
 */
import type { IncomingMessage } from 'node:http'
import ipaddr from 'ipaddr.js'
import type { IsProxy } from './trusted-proxies.ts'

export interface ConnectionLimits {
  readonly perAddress: number
  readonly inAll: number
}
/** A wall of 64 cameras in two windows is 128 sockets; a few such screens may share an address. */
export const connectionLimits: ConnectionLimits = { perAddress: 512, inAll: 4096 }

export type HeldSocket = IncomingMessage['socket']

/** Counts a socket until it closes; or ends it at once, and says false. */
export type Admit = (socket: HeldSocket) => boolean

/** A proxy's address stands for all its clients: it is held to the limit of all together only. */
export function limitConnections(limits: ConnectionLimits, isProxy: IsProxy): Admit {
  const open = new Map<string, number>()
  let total = 0
  return (socket) => {
    const group = groupOf(socket.remoteAddress)
    const ofGroup = open.get(group) ?? 0
    const isOver = ofGroup >= limits.perAddress && !isProxy(socket.remoteAddress)
    if (total >= limits.inAll || isOver) {
      socket.destroy()
      return false
    }
    total += 1
    open.set(group, ofGroup + 1)
    socket.once('close', () => {
      total -= 1
      const left = (open.get(group) ?? 1) - 1
      if (left > 0) open.set(group, left)
      else open.delete(group)
    })
    return true
  }
}

/** An IPv6 user owns a /64. */
function groupOf(address = ''): string {
  if (!ipaddr.isValid(address)) return ''
  const parsed = ipaddr.process(address)
  return parsed instanceof ipaddr.IPv6 ? parsed.parts.slice(0, 4).join(':') : parsed.toString()
}
