/**
 * What the whole program connects to, as the system sees it: strace writes down every connect and every datagram of control,
 * recorder and vision. Where strace is missing or may not trace, the test is skipped, and says so.
 */
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { auditPage } from '@vedette/shared/audit.ts'
import { systemStatus } from '@vedette/shared/system.ts'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { serverEnvironment, serverFlags } from '../../scripts/server-flags.mjs'
import { SimulatedCamera } from '../cameras/simulated-camera.ts'
import { whyMissing } from '../support/foreign-program.ts'
import { RunningVedette } from '../support/running-vedette.ts'

const missing = whyMissing('strace that may trace', 'strace', '-f', '-o', '/dev/null', 'true')
const soon = { timeout: 30_000, interval: 100 }
const clip = { width: 320, height: 176, fps: 25, gopFrames: 10, seconds: 4, kbitPerS: 500 }

/** `1234 connect(21, {sa_family=AF_INET, sin_port=htons(8554), sin_addr=inet_addr("127.0.0.1")}, 16) = …` */
function contacts(folder: string): string[] {
  const lines = readdirSync(folder)
    .filter((name) => name.startsWith('trace'))
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n'))
  return lines.flatMap((line) => {
    const port = /sin6?_port=htons\((\d+)\)/.exec(line)?.[1]
    const host = /inet_addr\("([^"]+)"\)|inet_pton\(AF_INET6, "([^"]+)"/.exec(line)
    return port && host ? [`${host[1] ?? host[2]}:${port}`] : []
  })
}

describe.skipIf(missing)('R15 a default installation', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vedette-egress-'))
  let camera: SimulatedCamera
  beforeAll(async () => {
    camera = await SimulatedCamera.open({ main: clip, sub: clip })
  })
  afterAll(async () => {
    await camera?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  test('connects to nothing but its cameras', async () => {
    const main = resolve(import.meta.dirname, '../../server/src/main.ts')
    const start = [...serverFlags, main, 'start', '--data', join(folder, 'data'), '--port', '0']
    const trace = ['-ff', '-o', join(folder, 'trace'), '-e', 'trace=connect,sendto,sendmsg,sendmmsg']
    const vedette = spawn('strace', [...trace, process.execPath, ...start], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, ...serverEnvironment, VEDETTE_ALLOW_LOOPBACK_CAMERAS: '1' },
    })
    let printed = ''
    vedette.stdout.on('data', (bytes) => {
      printed += bytes
    })
    try {
      await vi.waitFor(() => expect(printed).toMatch(/#code=\S+\s/), soon)
      const url = /is ready:\s+(\S+)/.exec(printed)?.[1] ?? ''
      const code = /#code=(\S+)/.exec(printed)?.[1]
      const post = (path: string, body: object, cookie = '') =>
        fetch(url + path, {
          method: 'POST',
          headers: { 'content-type': 'application/json', cookie },
          body: JSON.stringify(body),
        })
      const answer = await post('/api/setup', { code, username: 'admin', password: 'correct horse battery' })
      const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? ''
      const added = { name: 'Yard', address: camera.address('main'), subAddress: camera.address('sub') }
      expect((await post('/api/cameras', added, cookie)).status).toBe(201)
      await post('/api/cameras/probe', { address: camera.address('main') }, cookie)
      await vi.waitFor(async () => {
        const status = systemStatus.parse(
          await (await fetch(`${url}/api/system/status`, { headers: { cookie } })).json(),
        )
        expect(status.cameras).toMatchObject({ online: 1, recording: 1 })
      }, soon)
    } finally {
      const gone = new Promise((done) => vedette.once('exit', done))
      // strace hands the signal of its end on to nobody: the program is ended by its own number.
      for (const pid of childrenOf(vedette.pid ?? 0)) process.kill(pid, 'SIGTERM')
      await gone
    }
    const found = [...new Set(contacts(folder))]
    expect(found).toEqual([`127.0.0.1:${camera.port}`])
  })
})

describe('R15 a refused address', () => {
  let vedette: RunningVedette
  beforeAll(async () => {
    vedette = await RunningVedette.open({ environment: { VEDETTE_ALLOW_LOOPBACK_CAMERAS: '0' } })
    await vedette.setUp()
  })
  afterAll(() => vedette?.close())
  const audited = async () =>
    auditPage
      .parse(await vedette.call('GET', '/api/audit?kind=egress.refused'))
      .entries.map(({ username, object, detail }) => ({ username, object, detail }))

  test('R15 R24 is said on the camera’s page and in the audit log, when it is saved and when it is tried', async () => {
    const camera = await vedette.addCamera({ name: 'Inside', address: 'rtsp://[::ffff:127.0.0.1]:554/' })
    await vi.waitFor(async () => {
      const [one] = await vedette.cameras()
      expect(one?.status).toMatchObject({ state: 'unsupported', code: 'address_refused' })
      expect(one?.status.problem).toMatch(/^Vedette does not connect to .*this machine/)
      expect(await audited()).toMatchObject([{ username: '', object: `camera ${camera.id}` }])
    }, soon)
    const probe = await vedette.call('POST', '/api/cameras/probe', { address: 'rtsp://root:pass@169.254.169.254/' })
    expect(probe).toMatchObject({ ok: false, code: 'address_refused' })
    const [newest] = await audited()
    expect(newest).toMatchObject({ username: 'admin', object: 'camera probe', detail: { host: '169.254.169.254' } })
    expect(JSON.stringify(newest)).not.toContain('pass')
  })
})

function childrenOf(pid: number): number[] {
  const { stdout } = spawnSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' })
  return stdout
    .split('\n')
    .map(Number)
    .filter((one) => one > 0)
}
