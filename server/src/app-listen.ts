/** Opens the port, and says plainly why it cannot be opened. */
import type { Config } from './config.ts'
import type { Http } from './http/http.ts'
import { AppError } from './lib/app-error.ts'

/** Resolves with the address to type into a browser. Throws AppError where the port or the host is not to be had. */
export async function listen(http: Http, config: Config, scheme: 'http' | 'https'): Promise<string> {
  try {
    await http.listen({ host: config.host, port: config.port })
  } catch (error) {
    throw explained(error, config) ?? error
  }
  const address = http.server.address()
  const port = address && typeof address === 'object' ? address.port : config.port
  const shown = ['0.0.0.0', '::'].includes(config.host) ? 'localhost' : config.host
  return `${scheme}://${shown.includes(':') ? `[${shown}]` : shown}:${port}`
}

function explained(cause: unknown, { host, port }: Config): AppError | undefined {
  switch (cause instanceof Error && 'code' in cause ? cause.code : '') {
    case 'EADDRINUSE':
      return new AppError('conflict', `Port ${port} is taken by another program. Choose another with --port.`, {
        cause,
      })
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new AppError('bad_request', `${host} is not an address of this machine. Check --host.`, { cause })
    case 'EACCES':
      return new AppError('forbidden', `This user may not listen on port ${port}. Choose one above 1023 with --port.`, {
        cause,
      })
    default:
      return undefined
  }
}
