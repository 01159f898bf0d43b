/**
 * A whole Vedette as users run it: the real program on a temporary folder, set up over its API.
 * For pipeline and browser tests and for benches.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type CameraView, cameraList, cameraView } from '@vedette/shared/camera.ts'
import type { ErrorBody } from '@vedette/shared/errors.ts'
import { serverEnvironment, serverFlags } from '../../scripts/server-flags.mjs'

const main = resolve(import.meta.dirname, '../../server/src/main.ts')
export const adminPassword = 'correct horse battery'

export interface VedetteOptions {
  /** An existing data folder; without it a new one that goes with close(). */
  readonly dataDir?: string
  readonly environment?: Readonly<Record<string, string>>
  readonly args?: readonly string[]
  /** Leader of a process group of its own, as in a terminal: `process.kill(-pid, 'SIGINT')` is Ctrl-C. */
  readonly isGroup?: boolean
}

export class RunningVedette {
  readonly dataDir: string
  readonly process: ChildProcess
  readonly url: string
  /** What it printed so far. */
  readonly output: () => string
  readonly #isOwnDir: boolean
  #cookie = ''

  private constructor(parts: {
    dataDir: string
    process: ChildProcess
    url: string
    output: () => string
    isOwnDir: boolean
  }) {
    this.dataDir = parts.dataDir
    this.process = parts.process
    this.url = parts.url
    this.output = parts.output
    this.#isOwnDir = parts.isOwnDir
  }

  /** Starts the program and waits until it says that it is ready. */
  static async open(options: VedetteOptions = {}): Promise<RunningVedette> {
    const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'vedette-test-')))
    const child = spawn(
      process.execPath,
      [...serverFlags, main, 'start', '--data', dataDir, '--port', '0', ...(options.args ?? [])],
      {
        stdio: ['ignore', 'pipe', 'pipe'],
        detached: options.isGroup ?? false,
        env: { ...process.env, ...serverEnvironment, VEDETTE_ALLOW_LOOPBACK_CAMERAS: '1', ...options.environment },
      },
    )
    let text = ''
    const collect = (chunk: Buffer) => {
      text = (text + chunk.toString()).slice(-200_000)
    }
    child.stdout.on('data', collect)
    child.stderr.on('data', collect)
    const url = await new Promise<string>((resolveUrl, reject) => {
      const look = () => {
        const found = /is ready:\s+(https?:\/\/\S+)/.exec(text)?.[1]
        if (found) resolveUrl(found)
      }
      child.stdout.on('data', look)
      child.on('exit', (code) => reject(new Error(`Vedette ended with ${code} before it was ready:\n${text}`)))
    })
    return new RunningVedette({
      dataDir,
      process: child,
      url,
      output: () => text,
      isOwnDir: options.dataDir === undefined,
    })
  }

  /** Makes the administrator with the code that was printed, and signs in. */
  async setUp(username = 'admin'): Promise<void> {
    const code = /#code=(\S+)/.exec(this.output())?.[1] ?? ''
    await this.call('POST', '/api/setup', { code, username, password: adminPassword })
  }

  async signIn(username = 'admin', password = adminPassword): Promise<void> {
    await this.call('POST', '/api/login', { username, password })
  }

  /** The session's cookie, for WebSockets and browsers. */
  get cookie(): string {
    return this.#cookie
  }

  /** A raw request with the session. */
  async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(this.url + path, { ...init, headers: { cookie: this.#cookie, ...init.headers } })
  }

  /** A JSON request; a refusal throws with its code in the message. */
  async call(method: string, path: string, body?: unknown): Promise<unknown> {
    const answer = await this.fetch(path, {
      method,
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    })
    const cookie = answer.headers.get('set-cookie')
    if (cookie) this.#cookie = cookie.split(';')[0] ?? ''
    const value: unknown = await answer.json()
    if (answer.ok) return value
    const refusal = value as ErrorBody
    throw new Error(`${method} ${path}: ${answer.status} ${refusal.code}: ${refusal.message} (${refusal.field ?? ''})`)
  }

  async addCamera(camera: { name: string; address: string } & Record<string, unknown>): Promise<CameraView> {
    return cameraView.parse(await this.call('POST', '/api/cameras', camera))
  }

  async cameras(): Promise<CameraView[]> {
    return cameraList.parse(await this.call('GET', '/api/cameras')).cameras
  }

  /** Ends it as Ctrl-C in a service would; returns the exit code. Keeps the folder when it was given. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    if (this.process.exitCode === null && this.process.signalCode === null) {
      const gone = this.gone()
      this.process.kill(signal)
      await gone
    }
    return this.process.exitCode
  }

  /** Resolves when control has ended. */
  gone(): Promise<void> {
    return new Promise((resolveGone) => this.process.once('exit', () => resolveGone()))
  }

  async close(): Promise<void> {
    await this.stop()
    if (this.#isOwnDir) await rm(this.dataDir, { recursive: true, force: true })
  }
}
