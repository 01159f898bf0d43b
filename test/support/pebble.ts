/**
 * Pebble, the ACME server that Let's Encrypt's makers test clients with (Debian's package `pebble`), beside its own name server, in
 * which every name is this machine. It refuses every fifth nonce on purpose.
 */
import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort, whyMissing } from './foreign-program.ts'
import { makeCertificate } from './made-certificate.ts'

export const pebbleMissing =
  whyMissing('Pebble', 'sh', '-c', 'command -v pebble') ??
  whyMissing('Pebble’s name server', 'sh', '-c', 'command -v pebble-challtestsrv')

export interface PebbleOptions {
  /** Where it asks for HTTP-01 answers. */
  readonly httpPort: number
  /** How long its certificates live. */
  readonly seconds?: number
}

export class Pebble implements AsyncDisposable {
  readonly directoryUrl: string
  /** What proves its directory, PEM, and the file with it. */
  readonly ca: string
  readonly caPath: string
  readonly #rootsUrl: string
  readonly #stop: () => Promise<void>

  private constructor(
    parts: Pick<Pebble, 'directoryUrl' | 'ca' | 'caPath'>,
    rootsUrl: string,
    stop: () => Promise<void>,
  ) {
    this.directoryUrl = parts.directoryUrl
    this.ca = parts.ca
    this.caPath = parts.caPath
    this.#rootsUrl = rootsUrl
    this.#stop = stop
  }

  static async open({ httpPort, seconds = 90 * 86_400 }: PebbleOptions): Promise<Pebble> {
    const folder = await mkdtemp(join(tmpdir(), 'vedette-pebble-'))
    const [port, managementPort, dnsPort, apiPort] = [
      await freePort(),
      await freePort(),
      await freePort(),
      await freePort(),
    ]
    const { cert, key } = await makeCertificate({ names: ['localhost', '127.0.0.1'] })
    const caPath = join(folder, 'cert.pem')
    await writeFile(caPath, cert)
    await writeFile(join(folder, 'key.pem'), key)
    const config = {
      listenAddress: `127.0.0.1:${port}`,
      managementListenAddress: `127.0.0.1:${managementPort}`,
      certificate: caPath,
      privateKey: join(folder, 'key.pem'),
      httpPort,
      tlsPort: 1,
      ocspResponderURL: '',
      externalAccountBindingRequired: false,
      certificateValidityPeriod: seconds,
    }
    await writeFile(join(folder, 'config.json'), JSON.stringify({ pebble: config }))
    const dns = spawn(
      'pebble-challtestsrv',
      // biome-ignore format: pairs
      ['-management', `127.0.0.1:${apiPort}`, '-dns01', `127.0.0.1:${dnsPort}`, '-http01', '', '-https01', '', '-tlsalpn01', '', '-defaultIPv6', ''],
      { stdio: 'ignore' },
    )
    const pebble = spawn('pebble', ['-config', join(folder, 'config.json'), '-dnsserver', `127.0.0.1:${dnsPort}`], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env.PATH, PEBBLE_VA_NOSLEEP: '1', PEBBLE_WFE_NONCEREJECT: '20' },
    })
    await new Promise<void>((resolve, reject) => {
      let said = ''
      for (const stream of [pebble.stdout, pebble.stderr])
        stream.on('data', (chunk: Buffer) => {
          said += chunk.toString()
          if (/ACME directory available/.test(said)) resolve()
        })
      pebble.once('exit', () => reject(new Error(`Pebble ended: ${said}`)))
    })
    const stop = async () => {
      for (const child of [pebble, dns]) {
        const gone = new Promise((resolve) => child.once('exit', resolve))
        if (child.exitCode === null && child.kill('SIGKILL')) await gone
      }
      await rm(folder, { recursive: true, force: true })
    }
    const directoryUrl = `https://localhost:${port}/dir`
    return new Pebble({ directoryUrl, ca: cert, caPath }, `https://localhost:${managementPort}/roots/0`, stop)
  }

  /** The root that its certificates lead to, PEM; another one at every start. */
  root(): Promise<string> {
    return new Promise((resolve, reject) => {
      const asked = request(this.#rootsUrl, { ca: this.ca }, (answer) => {
        let text = ''
        answer.on('data', (chunk: Buffer) => {
          text += chunk.toString()
        })
        answer.once('end', () => resolve(text))
      })
      asked.once('error', reject)
      asked.end()
    })
  }

  async [Symbol.asyncDispose]() {
    await this.#stop()
  }
}
