/** A TLS camera whose identity can change: a forwarder on a fixed port, in front of GStreamer's RTSP server. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server, type Socket, connect as tcpConnect } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type ForeignProgram, startProgram, whyMissing } from './foreign-program.ts'

const python = '/usr/bin/python3' // Debian's: others do not see the gi module.
const script = resolve(import.meta.dirname, 'gstreamer-cameras.py')
const gi = "import gi; gi.require_version('GstRtspServer', '1.0'); from gi.repository import GstRtspServer"

/** Undefined where it can be had; says aloud why not. */
export const whyNoChangingCamera = () => whyMissing('GStreamer’s RTSP server for Python', python, '-c', gi)

export class ChangingCamera {
  readonly #folder = mkdtempSync(join(tmpdir(), 'vedette-trust-'))
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  #program: ForeignProgram | undefined
  #port = 0

  private constructor() {
    this.#server = createServer((socket) => {
      const on = tcpConnect(this.#port, '127.0.0.1')
      for (const one of [socket, on]) {
        this.#sockets.add(one)
        one.on('error', () => {})
        one.on('close', () => {
          socket.destroy()
          on.destroy()
        })
      }
      socket.pipe(on).pipe(socket)
    })
  }

  static async open(): Promise<ChangingCamera> {
    const camera = new ChangingCamera()
    await camera.become('first')
    await new Promise<void>((done) => camera.#server.listen(0, '127.0.0.1', done))
    return camera
  }

  get address(): string {
    const at = this.#server.address()
    return `rtsps://127.0.0.1:${typeof at === 'object' ? at?.port : 0}/h264`
  }

  /** Another name is another machine with another key. */
  async become(name: string): Promise<void> {
    const [cert, key] = [join(this.#folder, `${name}.cert`), join(this.#folder, `${name}.key`)]
    const make = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', '/CN=cam']
    execFileSync('openssl', [...make, '-keyout', key, '-out', cert], { stdio: 'ignore' })
    const program = startProgram(python, [script, '--tls', cert, key])
    const { port } = JSON.parse(await program.firstLine) as { port: number }
    this.#port = port
    for (const socket of this.#sockets) socket.destroy()
    await this.#program?.close()
    this.#program = program
  }

  async close(): Promise<void> {
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
    await this.#program?.close()
    rmSync(this.#folder, { recursive: true })
  }
}
