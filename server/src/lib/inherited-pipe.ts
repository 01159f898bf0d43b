/** A pipe that the parent process opened for us at fork (stdio index 4 and up). The one use of node:net that connects nothing. */
import { Socket } from 'node:net'

/** Errors are swallowed: when the other side is gone, writing does nothing. */
export function openInheritedPipe(fd: number): Socket {
  const pipe = new Socket({ fd, readable: true, writable: true })
  pipe.on('error', () => pipe.destroy())
  return pipe
}
