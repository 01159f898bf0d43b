/** Whether this process could send to the network: asks the kernel for a route and sends nothing. */
import { createSocket } from 'node:dgram'

/** A documentation address (RFC 5737): reachable by name of a route, owned by nobody. */
const outside = '192.0.2.1'

/** The kernel's refusal (ENETUNREACH, EPERM …); undefined: there is a route. */
export function tryRoute(address = outside): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4')
    const answer = (refusal: string | undefined) => {
      socket.removeAllListeners()
      socket.on('error', () => {})
      try {
        socket.close()
      } catch {
        // It never came to be.
      }
      resolve(refusal)
    }
    const refused = (error: unknown) =>
      answer(error instanceof Error && 'code' in error ? String(error.code) : String(error))
    socket.once('error', refused)
    socket.once('connect', () => answer(undefined))
    try {
      socket.connect(9, address)
    } catch (error) {
      refused(error)
    }
  })
}
