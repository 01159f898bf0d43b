/** Programs of others that tests talk to: whether they are there, and starting and ending them. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { createServer } from 'node:net'
import { createInterface } from 'node:readline'

/** Undefined when `command` succeeds; otherwise why tests that need it are skipped, said aloud. */
export function whyMissing(name: string, command: string, ...args: string[]): string | undefined {
  const { status } = spawnSync(command, args, { stdio: 'ignore', timeout: 20_000 })
  if (status === 0) return undefined
  const reason = `SKIPPED: ${name} is not installed (${[command, ...args].join(' ')} fails)`
  process.stderr.write(`${reason}\n`)
  return reason
}

export interface ForeignProgram {
  readonly process: ChildProcess
  /** What it wrote on standard error so far. */
  readonly errors: () => string
  /** The first line of its standard output. */
  readonly firstLine: Promise<string>
  close(): Promise<void>
}

export function startProgram(command: string, args: readonly string[], cwd?: string): ForeignProgram {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], ...(cwd && { cwd }) })
  let errors = ''
  child.stderr.on('data', (bytes: Buffer) => {
    errors = (errors + bytes.toString()).slice(-10_000)
  })
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const firstLine = new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve)
    child.once('error', reject)
    void ended.then(() => reject(new Error(`${command} ended: ${errors}`)))
  })
  firstLine.catch(() => {}) // Not everybody asks for it.
  return {
    process: child,
    errors: () => errors,
    firstLine,
    close: async () => {
      child.stdin.end()
      child.kill('SIGTERM')
      const last = setTimeout(() => child.kill('SIGKILL'), 3000)
      await ended
      clearTimeout(last)
    },
  }
}

/** A TCP port that was free a moment ago, for programs that cannot choose one themselves. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
