/**
 * How many connections one address may hold open, and all together: whoever opens thousands of them (not even signed in)
 * otherwise keeps the server busy with them and uses up its files (SECURITY.md R38).
 */
import ipaddr from 'ipaddr.js'

export interface ConnectionLimits {
  readonly perAddress: number
  readonly inAll: number
}
/** A wall of 64 cameras in two windows is 128 sockets; a few such screens may share an address. */
export const connectionLimits: ConnectionLimits = { perAddress: 512, inAll: 4096 }

interface Closable {
  readonly remoteAddress?: string | undefined
  once(event: 'close', listener: () => void): unknown
  destroy(): unknown
}

/** For the server's 'connection' event: counts the socket until it closes, or ends it at once. */
export function limitConnections(limits: ConnectionLimits): (socket: Closable) => void {
  const open = new Map<string, number>()
  let total = 0
  return (socket) => {
    const group = groupOf(socket.remoteAddress)
    const ofGroup = open.get(group) ?? 0
    if (total >= limits.inAll || ofGroup >= limits.perAddress) {
      socket.destroy()
      return
    }
    total += 1
    open.set(group, ofGroup + 1)
    socket.once('close', () => {
      total -= 1
      const left = (open.get(group) ?? 1) - 1
      if (left > 0) open.set(group, left)
      else open.delete(group)
    })
  }
}

/** An IPv6 user owns a /64. */
function groupOf(address = ''): string {
  if (!ipaddr.isValid(address)) return ''
  const parsed = ipaddr.process(address)
  return parsed instanceof ipaddr.IPv6 ? parsed.parts.slice(0, 4).join(':') : parsed.toString()
}
