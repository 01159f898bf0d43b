/** Certificates from a real ACME server that is not ours (Pebble, from Debian), for the whole program and for its parts. */
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { connect } from 'node:tls'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { AcmeCertificate } from '../../server/src/http/acme-certificate.ts'
import { AcmeChallenges } from '../../server/src/http/acme-challenges.ts'
import { openAcmePort } from '../../server/src/http/acme-port.ts'
import { systemClock } from '../../server/src/lib/clock.ts'
import { silentLog as log } from '../../server/src/lib/log.ts'
import { askHttps } from '../../server/src/net/ask-https.ts'
import { freePort } from '../support/foreign-program.ts'
import { Pebble, pebbleMissing } from '../support/pebble.ts'
import { RunningVedette } from '../support/running-vedette.ts'

const domain = 'cam.vedette.example'
let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vedette-acme-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

/** Who signed what is shown for a name; proven by `ca` where it is given. */
function issuerOf(port: number, servername: string, ca?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = ca === undefined ? { rejectUnauthorized: false } : { ca }
    const socket = connect({ host: '127.0.0.1', port, servername, ...options }, () => {
      resolve(socket.getPeerX509Certificate()?.issuer ?? '')
      socket.destroy()
    })
    socket.once('error', reject)
  })
}

describe.skipIf(pebbleMissing !== undefined)('R10 ACME', () => {
  test('the program gets a certificate on its one port, shows it for the domain alone, and keeps it', async () => {
    const port = await freePort()
    await using pebble = await Pebble.open({ httpPort: port })
    const environment = {
      VEDETTE_ACME_DOMAIN: domain,
      VEDETTE_ACME_EMAIL: 'anna@vedette.example',
      VEDETTE_ACME_DIRECTORY: pebble.directoryUrl,
      VEDETTE_ACME_CA: pebble.caPath,
    }
    const start = () => RunningVedette.open({ dataDir: folder, environment, args: ['--port', String(port)] })
    let vedette = await start()
    try {
      await vi.waitFor(async () => expect(await issuerOf(port, domain)).toMatch(/Pebble/), {
        timeout: 30_000,
        interval: 200,
      })
      expect(await issuerOf(port, domain, await pebble.root())).toMatch(/Pebble/)
      expect(await issuerOf(port, 'localhost')).toMatch(/Vedette on/)
      const kept = join(folder, 'tls/acme')
      for (const file of await readdir(kept)) expect((await stat(join(kept, file))).mode & 0o777).toBe(0o600)
      const before = await readFile(join(kept, 'certificate.pem'), 'utf8')
      await vedette.stop()
      vedette = await start()
      expect(await issuerOf(port, domain)).toMatch(/Pebble/)
      expect(await readFile(join(kept, 'certificate.pem'), 'utf8')).toBe(before)
    } finally {
      await vedette.stop()
    }
  }, 60_000)

  async function openPart(pebble: Pebble, challenges = new AcmeChallenges(), names = [domain, `www.${domain}`]) {
    const policy = { purpose: 'acme', allowLoopback: true } as const
    return AcmeCertificate.open({
      folder,
      names,
      email: undefined,
      directoryUrl: pebble.directoryUrl,
      ask: (question) => askHttps(question, { policy, ca: pebble.ca }),
      challenges,
      clock: systemClock,
      log,
    })
  }

  test('it is renewed in time, over a port of its own, for several names', async () => {
    const challenges = new AcmeChallenges()
    const door = await openAcmePort({
      port: 0,
      host: '127.0.0.1',
      challenges,
      hosts: () => [domain, `www.${domain}`],
      securePort: () => 8443,
    })
    await using pebble = await Pebble.open({ httpPort: door.port, seconds: 9 })
    const acme = await openPart(pebble, challenges)
    const stop = new AbortController()
    const ends: number[] = []
    const running = acme.run(() => ends.push(acme.certificate?.endsMs ?? 0), stop.signal)
    await vi.waitFor(() => expect(ends.length).toBeGreaterThanOrEqual(2), { timeout: 30_000, interval: 100 })
    expect([...(acme.certificate?.names ?? [])].sort()).toEqual([domain, `www.${domain}`])
    expect(acme.problems(Date.now())).toEqual([])
    expect(ends[1]).toBeGreaterThan(ends[0] ?? 0)
    stop.abort()
    await running
    await door.close()
  }, 60_000)

  test('a failure is a sentence with the authority’s words, and is not tried again at once, nor after a restart', async () => {
    await using pebble = await Pebble.open({ httpPort: await freePort() })
    const acme = await openPart(pebble)
    const stop = new AbortController()
    const running = acme.run(() => {}, stop.signal)
    await vi.waitFor(() => expect(acme.problems(Date.now())[0]).toMatch(/connection refused/i), { timeout: 20_000 })
    expect(acme.problems(Date.now())[0]).toMatch(
      /^No new certificate for cam\.vedette\.example, www\..* tries again at .* \(UTC\)\.$/,
    )
    expect(acme.certificate).toBeUndefined()
    stop.abort()
    await running
    const again = await openPart(pebble)
    expect(again.problems(Date.now())).toHaveLength(1)
    expect(again.dueMs() - Date.now()).toBeGreaterThan(9 * 60_000)
  }, 60_000)

  test('a disk that takes nothing, and a damaged certificate on it, cost another order and nothing else', async () => {
    const challenges = new AcmeChallenges()
    const hosts = () => [domain, `www.${domain}`]
    const door = await openAcmePort({ port: 0, host: '127.0.0.1', challenges, hosts, securePort: () => 8443 })
    await using pebble = await Pebble.open({ httpPort: door.port })
    const state = { directory: pebble.directoryUrl, failures: 0, triedMs: 0, why: '' }
    await writeFile(join(folder, 'state.json'), JSON.stringify(state))
    await writeFile(join(folder, 'certificate.pem'), 'damaged')
    for (const file of ['state.json.new', 'certificate.pem.new']) await mkdir(join(folder, file))
    const acme = await openPart(pebble, challenges)
    expect(acme.certificate).toBeUndefined()
    const stop = new AbortController()
    const running = acme.run(() => {}, stop.signal)
    await vi.waitFor(() => expect(acme.certificate).toBeDefined(), { timeout: 20_000 })
    stop.abort()
    await running
    await door.close()
  }, 60_000)

  test('R15 an authority that does not prove its name is told nothing', async () => {
    await using pebble = await Pebble.open({ httpPort: await freePort() })
    const policy = { purpose: 'acme', allowLoopback: true } as const
    const ask = { method: 'GET', url: pebble.directoryUrl, headers: {}, signal: AbortSignal.timeout(5000) } as const
    expect((await askHttps(ask, { policy, ca: pebble.ca })).status).toBe(200)
    await expect(askHttps(ask, { policy })).rejects.toThrow(/self-signed certificate/)
    const byNumber = { ...ask, url: pebble.directoryUrl.replace('localhost', '127.0.0.2') }
    await expect(askHttps(byNumber, { policy, ca: pebble.ca })).rejects.toThrow(/cannot be asked/)
    await expect(askHttps(ask, { policy: { purpose: 'acme', allowLoopback: false }, ca: pebble.ca })).rejects.toThrow(
      /cannot be asked/,
    )
  })
})

test('R15 an authority that is a cloud’s metadata address is refused, and the audit log knows', async () => {
  const environment = { VEDETTE_ACME_DOMAIN: domain, VEDETTE_ACME_DIRECTORY: 'https://169.254.169.254/dir' }
  const vedette = await RunningVedette.open({ dataDir: folder, environment })
  await vi.waitFor(
    async () => expect(await readFile(join(folder, 'tls/acme/state.json'), 'utf8')).toMatch(/cannot be asked/),
    {
      timeout: 20_000,
    },
  )
  await vedette.stop()
  const main = resolve(import.meta.dirname, '../../server/src/main.ts')
  const { stdout } = await promisify(execFile)(process.execPath, [main, 'audit', 'export', '--data', folder])
  expect(stdout).toMatch(/"kind":"egress\.refused".*ACME authority/)
}, 60_000)
