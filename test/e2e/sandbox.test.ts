/** What holds recorder and vision back, looked at from outside and tried from inside, on the real program. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { processSandbox } from '@vedette/shared/sandbox.ts'
import { type SystemReport, systemReport } from '@vedette/shared/system.ts'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { SimulatedCamera } from '../cameras/simulated-camera.ts'
import { RunningVedette } from '../support/running-vedette.ts'
import { allRecording, lightCamera, moreFrames, patience, pidOf } from '../support/vedette-processes.ts'

const isRoot = process.getuid?.() === 0
const hasBox = existsSync('/usr/bin/bwrap') && spawnSync('/usr/bin/bwrap', ['--ro-bind', '/', '/', 'true']).status === 0
const whyNoBox = hasBox ? '' : ' (skipped: bubblewrap is not installed or does not work here)'
const whyNotRoot = isRoot ? '' : ' (skipped: only root can)'
const isOpenToAll =
  isRoot && spawnSync('/usr/bin/test', ['-r', import.meta.filename], { uid: 65_534, gid: 65_534 }).status === 0
const whyNotOpen = isOpenToAll || !isRoot ? '' : ' (skipped: nobody but root may read this checkout)'

const cameraPassword = 'Zq8-camera-secret'
let camera: SimulatedCamera
let vedette: RunningVedette
let report: SystemReport

const readReport = async (of: RunningVedette) => systemReport.parse(await of.call('GET', '/api/system/report'))
/** Waits until both children have told what they tried. */
const fullReport = (of: RunningVedette) =>
  vi.waitFor(async () => {
    const found = await readReport(of)
    for (const { process, tried } of found.sandbox) if (process !== 'control') expect(tried).not.toEqual([])
    return found
  }, patience)
const layersOf = (from: SystemReport, name: string) =>
  Object.fromEntries(
    (from.sandbox.find(({ process }) => process === name)?.layers ?? []).map((layer) => [layer.name, layer.state]),
  )

beforeAll(async () => {
  camera = await SimulatedCamera.open(lightCamera)
  vedette = await RunningVedette.open()
  await vedette.setUp()
  await vedette.addCamera({ name: 'Yard', address: camera.address('main'), username: 'u', password: cameraPassword })
  await allRecording(vedette)
  report = await fullReport(vedette)
})
afterAll(async () => {
  await vedette.close()
  await camera.close()
})

describe('vision', () => {
  test.runIf(hasBox)(`R26 R16 is held by every layer, as measured${whyNoBox}`, () => {
    const { user, ...layers } = layersOf(report, 'vision')
    expect(user).toBe(isRoot ? 'missing' : 'active')
    expect(new Set(Object.values(layers))).toEqual(new Set(['active']))
    const tried = report.sandbox.find(({ process }) => process === 'vision')?.tried ?? []
    expect(tried.map(({ deed }) => deed).toSorted()).toEqual(
      ['change_program', 'reach_network', 'read_database', 'read_key', 'signal_parent', 'start_program'].toSorted(),
    )
    expect(tried.filter(({ refused }) => !refused)).toEqual([])
  })

  test.runIf(hasBox)(`R26 R16 has no route, no interface and no socket to the outside${whyNoBox}`, async () => {
    const pid = await pidOf(vedette, 'vision')
    expect(readlinkSync(`/proc/${pid}/ns/net`)).not.toBe(readlinkSync('/proc/self/ns/net'))
    const net = (file: string) => readFileSync(`/proc/${pid}/net/${file}`, 'utf8').trim().split('\n').slice(1)
    expect(net('route')).toEqual([])
    expect(
      net('dev')
        .slice(1)
        .map((line) => line.trim().split(':')[0]),
    ).toEqual(['lo'])
    for (const file of ['tcp', 'tcp6', 'udp', 'udp6']) expect(net(file)).toEqual([])
  })

  test.runIf(hasBox && isRoot)(
    `R26 a connection out of its network is impossible${whyNoBox || whyNotRoot}`,
    async () => {
      const pid = await pidOf(vedette, 'vision')
      const { hostname, port } = new URL(vedette.url)
      const connect = (...before: string[]) =>
        spawnSync('timeout', ['5', ...before, 'bash', '-c', `exec 3<>/dev/tcp/${hostname}/${port}`]).status
      expect(connect()).toBe(0) // The attempt itself works.
      expect(connect('nsenter', `--net=/proc/${pid}/ns/net`)).not.toBe(0)
    },
  )

  test.runIf(hasBox)(
    `R26 R16 sees neither the key nor the database nor any file but its program${whyNoBox}`,
    async () => {
      const pid = await pidOf(vedette, 'vision')
      const seen = (path: string) => existsSync(`/proc/${pid}/root${path}`)
      expect(seen(join(vedette.dataDir, 'key'))).toBe(false)
      expect(seen(join(vedette.dataDir, 'vedette.db'))).toBe(false)
      expect(seen('/etc/passwd')).toBe(false)
      // The checkout itself may lie in one of them.
      for (const home of ['/root', '/home'].filter((path) => !import.meta.filename.startsWith(path)))
        expect(seen(home), home).toBe(false)
      expect(seen(process.execPath)).toBe(true)
    },
  )

  test('R26 holds no secret in its environment or arguments, nor does the recorder', async () => {
    const key = readFileSync(join(vedette.dataDir, 'key'))
    const secrets = [cameraPassword, key.toString('hex'), key.toString('base64'), key.toString('latin1')]
    for (const name of ['recorder', 'vision'] as const) {
      const pid = await pidOf(vedette, name)
      const text = ['environ', 'cmdline'].map((file) => readFileSync(`/proc/${pid}/${file}`, 'latin1')).join('\0')
      for (const secret of secrets) expect(text.includes(secret), name).toBe(false)
      const variables = readFileSync(`/proc/${pid}/environ`, 'latin1')
        .split('\0')
        .map((line) => line.split('=')[0])
      expect(variables.filter((one) => /HOME|SECRET|TOKEN|PASS|DATABASE/.test(one ?? ''))).toEqual([])
    }
  })

  test('R16 R26 killed again and again takes nothing from the recording', async () => {
    for (let i = 0; i < 2; i++) {
      const pid = await pidOf(vedette, 'vision')
      process.kill(pid, 'SIGKILL')
      await vi.waitFor(async () => expect(await pidOf(vedette, 'vision')).not.toBe(pid), patience)
    }
    await moreFrames(vedette, 'yard', 50)
    const [view] = await vedette.cameras()
    expect(view?.status).toMatchObject({ state: 'online', recording: true })
  })
})

describe('the recorder', () => {
  test('R26 cannot read the key or the database, nor change the program; has no rights and limits', () => {
    const layers = layersOf(report, 'recorder')
    const tried = report.sandbox.find(({ process }) => process === 'recorder')?.tried ?? []
    expect(tried.map(({ deed }) => deed)).toEqual(['read_key', 'read_database', 'change_program', 'start_program'])
    expect(tried.filter(({ refused }) => !refused)).toEqual([])
    expect(layers.node_permissions).toBe('active')
    expect(layers).toMatchObject({ no_new_privileges: 'active', capabilities: 'active', limits: 'active' })
    // It must reach the cameras: said, not passed over.
    expect(layers.network).toBe('off')
  })
})

test('R26 `vedette doctor` measures it, too, layer by layer', () => {
  const main = resolve(import.meta.dirname, '../../server/src/main.ts')
  const args = ['--disable-warning=ExperimentalWarning', main, 'doctor', '--data', vedette.dataDir, '--json']
  const { stdout } = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 60_000 })
  const { sandbox } = z.object({ sandbox: z.array(processSandbox) }).parse(JSON.parse(stdout))
  for (const { process, layers, tried } of sandbox) {
    const running = report.sandbox.find((one) => one.process === process)
    expect(layers.map(({ name, state }) => [name, state])).toEqual(
      running?.layers.map(({ name, state }) => [name, state]),
    )
    expect(tried.filter(({ refused }) => !refused)).toEqual([])
  }
  expect(sandbox.map(({ process }) => process)).toEqual(['recorder', 'vision'])
})

describe('started as root', () => {
  test.runIf(isRoot)(`R26 without a user it says so, on the console and to administrators${whyNotRoot}`, () => {
    expect(vedette.output()).toMatch(/runs as root/)
    expect(report.problems.join()).toMatch(/runs as root/)
    expect(layersOf(report, 'control').user).toBe('missing')
  })

  test.runIf(isOpenToAll)(
    `R26 with a user all processes are that user, and hold no rights${whyNotRoot}${whyNotOpen}`,
    async () => {
      const parent = mkdtempSync(join(tmpdir(), 'vedette-user-'))
      spawnSync('chmod', ['755', parent])
      const dropped = await RunningVedette.open({ dataDir: join(parent, 'data'), args: ['--user', 'nobody'] })
      try {
        await dropped.setUp()
        const found = await fullReport(dropped)
        for (const { process } of found.sandbox)
          expect(layersOf(found, process), process).toMatchObject({ user: 'active', capabilities: 'active' })
        expect(found.problems.join()).not.toMatch(/root/)
        expect(dropped.output()).not.toMatch(/runs as root/)
      } finally {
        await dropped.close()
        rmSync(parent, { recursive: true, force: true })
      }
    },
  )
})
