/**
 * The canary scan (R22): secrets are put in through the real doors of the real program, at log level debug; then everything is
 * done that could make it talk, and all that it says and writes is searched for them, in every encoding.
 */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TOTP } from 'otpauth'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import WebSocket from 'ws'
import { accessTable } from '../access-table.data.ts'
import { SimulatedCamera } from '../cameras/simulated-camera.ts'
import { Canaries, type Catch, formsOf } from '../support/canaries.ts'
import { newPostgresUrl } from '../support/databases.ts'
import { postgresPrograms } from '../support/postgres-cluster.ts'
import { processTree, readProc } from '../support/process-facts.ts'
import { RunningVedette } from '../support/running-vedette.ts'
import { ScriptedRtspServer } from '../support/scripted-rtsp-server.ts'
import { lightCamera, patience } from '../support/vedette-processes.ts'

const programs = postgresPrograms()
if (programs === undefined) console.warn('canary scan: not run on PostgreSQL, it is not installed')

const nasty = (name: string) => `${name} "ö"/<${randomBytes(4).toString('hex')}>&%41+\\'@:#?`
const cameraPassword = nasty('camera')
const refusedPassword = nasty('refused')
const echoedPassword = nasty('echoed')
const newPassword = nasty('changed')
const userPassword = nasty('user')
const wrongPassword = nasty('wrong')
const databasePassword = `db-${randomBytes(9).toString('base64url')}`

describe.each([
  ['SQLite over HTTP', undefined],
  ['PostgreSQL over HTTPS', programs],
] as const)('canary scan on %s', (name, postgres) => {
  const isSkipped = name.startsWith('Postgre') && postgres === undefined
  const canaries = new Canaries()
  const caught: Catch[] = []
  const keep = (where: string, content: string | Buffer) => caught.push({ where, bytes: Buffer.from(content) })
  let folder: string
  let url: string | undefined
  let vedette: RunningVedette
  let camera: SimulatedCamera
  let echo: ScriptedRtspServer
  let console_ = ''
  const sockets: WebSocket[] = []
  const streams = new AbortController()

  beforeAll(async () => {
    if (isSkipped) return
    folder = mkdtempSync(join(tmpdir(), 'vedette-canary-'))
    const auth = { scheme: 'basic', username: 'admin', password: cameraPassword } as const
    camera = await SimulatedCamera.open({ ...lightCamera, auth })
    // A camera that says back whatever it was told.
    echo = await ScriptedRtspServer.open(({ headers }) => {
      const said = headers.get('authorization') ?? 'Basic'
      return `RTSP/1.0 401 ${said}\r\nWWW-Authenticate: Basic realm="${said.replaceAll('"', '')} ${Buffer.from(said.slice(6), 'base64')}"\r\n\r\n`
    })
    const environment: Record<string, string> = { VEDETTE_LOG_LEVEL: 'debug' }
    if (postgres) {
      url = (await newPostgresUrl(postgres)).replace('vedette@', `vedette:${databasePassword}@`)
      writeFileSync(join(folder, 'url'), `${url}\n`, { mode: 0o600 })
      environment.VEDETTE_DATABASE_URL_FILE = join(folder, 'url')
      process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'
    }
    vedette = await RunningVedette.open({
      dataDir: join(folder, 'data'),
      environment,
      args: postgres ? ['--host', '0.0.0.0'] : [],
    })
    for (const [stream, part] of [
      ['stdout', vedette.process.stdout],
      ['stderr', vedette.process.stderr],
    ] as const)
      part?.on('data', (chunk: Buffer) => {
        if (stream) console_ += chunk.toString('latin1')
      })
    canaries.add('key of the installation', readFileSync(join(folder, 'data/key')), ['file key'])
    canaries.add('password of the database', databasePassword)
    for (const [what, secret] of Object.entries({
      cameraPassword,
      refusedPassword,
      echoedPassword,
      newPassword,
      userPassword,
      wrongPassword,
    }))
      canaries.add(what, secret)
    await live()
  }, 240_000)
  afterAll(async () => {
    if (isSkipped) return
    delete process.env.NODE_TLS_REJECT_UNAUTHORIZED
    streams.abort()
    for (const socket of sockets) socket.terminate()
    await vedette?.close()
    await Promise.all([camera?.close(), echo?.close()])
    rmSync(folder, { recursive: true, force: true })
  })

  let cookie = ''
  /** Asks, keeps the whole answer for the scan, and gives its body. Cookies are secrets, too; their own header may hold them. */
  async function ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const answer = await fetch(vedette.url + path, {
      method,
      headers: { cookie, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      redirect: 'manual',
      signal: AbortSignal.any([streams.signal, AbortSignal.timeout(60_000)]),
    })
    for (const line of answer.headers.getSetCookie()) {
      const [pair = ''] = line.split(';')
      const value = pair.slice(pair.indexOf('=') + 1)
      if (value === '') continue
      canaries.add('cookie', value)
      cookie = [...cookie.split('; ').filter((one) => one && !one.startsWith(pair.split('=')[0] ?? '')), pair].join(
        '; ',
      )
    }
    const shown = [...answer.headers].filter(([header]) => header !== 'set-cookie').map((pair) => pair.join(': '))
    const isStream = answer.headers.get('content-type')?.startsWith('text/event-stream')
    const content = isStream ? Buffer.from('') : Buffer.from(await answer.arrayBuffer())
    keep(
      `${method} ${path.split('?')[0]}`,
      Buffer.concat([Buffer.from(`${answer.status}\n${shown.join('\n')}\n\n`), content]),
    )
    return {
      status: answer.status,
      body: (() => {
        try {
          return Object(JSON.parse(content.toString()))
        } catch {
          return {}
        }
      })(),
    }
  }

  /** Everything that puts a secret in, and everything that could make one come out. */
  async function live(): Promise<void> {
    const code = /#code=(\S+)/.exec(vedette.output())?.[1] ?? expect.fail('no set-up code')
    canaries.add('set-up code', code, ['console before set-up'])
    canaries.add('set-up code', code.replaceAll('-', ''), ['console before set-up'])
    keep('console before set-up', vedette.output())
    console_ = ''
    expect((await ask('POST', '/api/setup', { code, username: 'anna', password: userPassword })).status).toBeLessThan(
      300,
    )

    const { body: totp } = await ask('POST', '/api/me/totp', { password: userPassword })
    canaries.add('TOTP secret', String(totp.secret), ['POST /api/me/totp'])
    const codeNow = new TOTP({ secret: String(totp.secret) }).generate()
    const { body: confirmed } = await ask('POST', '/api/me/totp/confirm', { code: codeNow })
    for (const recovery of confirmed.recoveryCodes)
      canaries.add('recovery code', recovery, ['POST /api/me/totp/confirm'])
    const { body: made } = await ask('POST', '/api/me/tokens', { name: 'home', rights: ['view', 'replay'] })
    canaries.add('API token', String(made.token), ['POST /api/me/tokens'])

    const add = async (camera_: object) => String((await ask('POST', '/api/cameras', camera_)).body.id)
    const yard = await add({
      name: 'Yard',
      address: camera.address('main'),
      username: 'admin',
      password: cameraPassword,
    })
    const refused = await add({
      name: 'Refused',
      address: camera.address('main'),
      username: 'admin',
      password: refusedPassword,
    })
    const echoing = `rtsp://127.0.0.1:${echo.port}/live`
    await add({ name: 'Echo', address: echoing, username: 'admin', password: echoedPassword })
    await ask('POST', '/api/cameras/probe', {
      address: echoing,
      username: 'admin',
      password: echoedPassword,
      transport: 'tcp',
    })
    await ask('POST', '/api/cameras', {
      name: 'In address',
      address: `rtsp://admin:${encodeURIComponent(cameraPassword)}@127.0.0.1:1/x`,
    })
    listen(yard)
    await ask('PATCH', `/api/cameras/${refused}`, { password: newPassword, address: camera.address('main') })

    await misuse(String(made.token))
    await vi.waitFor(async () => {
      const { body } = await ask('GET', '/api/cameras')
      const states = new Map<string, string>(
        body.cameras.map((one: { name: string; status: { state: string } }) => [one.name, one.status.state]),
      )
      expect([states.get('Yard'), states.get('Refused'), states.get('Echo')]).toEqual([
        'online',
        'unauthorized',
        'unauthorized',
      ])
    }, patience)
    await everyRoute(yard, String(made.token))
    await crash()
    await everyRoute(yard, String(made.token))
    keepProcesses()
  }

  /** What open connections are told. */
  function listen(cameraId: string): void {
    const socket = new WebSocket(`${vedette.url.replace('http', 'ws')}/api/cameras/${cameraId}/live`, {
      headers: { cookie, origin: vedette.url },
    })
    sockets.push(socket)
    socket.on('message', (message: Buffer) => keep('WebSocket', message))
    socket.on('error', () => {})
    void (async () => {
      try {
        const answer = await fetch(`${vedette.url}/api/updates`, { headers: { cookie }, signal: streams.signal })
        for await (const chunk of answer.body ?? []) keep('updates', Buffer.from(chunk))
      } catch {
        // It ends with the test.
      }
    })()
  }

  /** Wrong passwords, wrong places for right ones, and bodies that cannot be read. */
  async function misuse(token: string): Promise<void> {
    const mine = cookie
    cookie = ''
    for (const body of [
      { username: 'anna', password: wrongPassword },
      { username: wrongPassword, password: wrongPassword },
      { username: 'anna', password: userPassword, more: userPassword },
      { username: { deep: userPassword }, password: [userPassword] },
      `{"username":"anna","password":${JSON.stringify(userPassword)}`,
    ])
      await ask('POST', '/api/login', body)
    await ask('POST', '/api/login', { username: 'anna', password: userPassword }, { 'content-type': 'text/plain' })
    await ask('GET', '/api/me', undefined, {
      authorization: `Basic ${Buffer.from(`anna:${userPassword}`).toString('base64')}`,
    })
    await ask('GET', '/api/cameras', undefined, { 'x-api-key': `${token}x` })
    await ask('GET', '/api/cameras', undefined, { 'x-api-key': token, authorization: 'Bearer other' })
    await ask('GET', `/api/cameras?token=${token}&password=${encodeURIComponent(userPassword)}`)
    await ask('POST', '/api/setup', { code: 'wrong', username: 'eve', password: wrongPassword })
    cookie = mine
    await ask('PATCH', '/api/me', { password: userPassword })
    await ask('POST', '/api/reauth', { password: wrongPassword })
    await ask('POST', '/api/reauth', { password: userPassword })
    await ask('POST', '/api/cameras/probe', {
      address: camera.address('main'),
      username: 'admin',
      password: refusedPassword,
      transport: 'tcp',
    })
  }

  async function everyRoute(cameraId: string, token: string): Promise<void> {
    const query: Record<string, string> = {
      parts: 'startMs=1&endMs=2',
      playback: 'startMs=1&endMs=2',
      previews: 'fromMs=1&toMs=2',
      'snapshot.jpg': 'atMs=1',
      timeline: `fromMs=${Date.now() - 60_000}&toMs=${Date.now()}`,
    }
    for (const route of Object.keys(accessTable)) {
      const [method = '', path = ''] = route.split(' ')
      if (/\/live$|logout|updates$|DELETE/.test(route)) continue
      const address = path.replace(':ms', '1').replace(/:\w+/g, cameraId)
      const last = address.split('/').at(-1) ?? ''
      const full = query[last] ? `${address}?${query[last]}` : address
      // A body that no route takes: what a refusal says of it is scanned.
      const body = ['GET', 'HEAD'].includes(method) ? undefined : { unknown: userPassword }
      await ask(method, full, body).catch(() => undefined)
      if (method === 'GET' && /cameras|events|timeline/.test(path))
        await ask(method, full, undefined, { cookie: '', 'x-api-key': token }).catch(() => undefined)
    }
  }

  async function crash(): Promise<void> {
    const pids = async () => {
      const { body } = await ask('GET', '/api/system/status')
      return new Map<string, number>(body.processes.map((one: { name: string; pid: number }) => [one.name, one.pid]))
    }
    for (const process_ of ['vision', 'recorder']) {
      const before = await vi.waitFor(
        async () => (await pids()).get(process_) ?? expect.fail(`${process_} does not run`),
        patience,
      )
      const isGone = async () => expect([undefined, null, before]).not.toContain((await pids()).get(process_))
      process.kill(before, 'SIGSEGV')
      // The first process of a box does not hear it.
      await vi.waitFor(isGone, { timeout: 5000, interval: 200 }).catch(() => process.kill(before, 'SIGKILL'))
      await vi.waitFor(isGone, patience)
    }
  }

  function keepProcesses(): void {
    for (const pid of processTree(vedette.process.pid ?? 0)) {
      keep(`command line of ${pid}`, readProc(pid, 'cmdline'))
      keep(`environment of ${pid}`, readProc(pid, 'environ'))
    }
  }

  async function keepDatabase(): Promise<void> {
    if (!url) return
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    const { rows } = await client.query(
      "select table_name from information_schema.tables where table_schema = 'public'",
    )
    for (const { table_name: table } of rows)
      keep(`table ${table}`, JSON.stringify((await client.query(`select * from "${table}"`)).rows))
    await client.end()
  }

  const dataFiles = () =>
    readdirSync(join(folder, 'data'), { recursive: true, encoding: 'utf8' }).filter((path) =>
      statSync(join(folder, 'data', path)).isFile(),
    )

  test.skipIf(isSkipped)('R22 no secret comes out anywhere', async () => {
    for (const path of dataFiles().filter((one) => /^tls\/.*key/.test(one)))
      for (const [i, line] of readFileSync(join(folder, 'data', path), 'utf8')
        .split('\n')
        .entries())
        if (line.length >= 32 && !line.startsWith('-----'))
          canaries.add(`key of a certificate, line ${i}`, line, ['file tls/'])
    await vedette.stop()
    keep('console', Buffer.from(console_, 'latin1'))
    await keepDatabase()
    for (const path of dataFiles()) keep(`file ${path}`, readFileSync(join(folder, 'data', path)))
    expect(canaries.findLeaks(caught)).toEqual([])
  })

  test.skipIf(isSkipped)('R22 and the scan saw what it had to see', () => {
    const places = [...new Set(caught.map(({ where }) => where))]
    const expected = [
      'console',
      'WebSocket',
      'updates',
      'GET /api/logs',
      'GET /api/logs/bundle',
      'GET /api/audit/export',
      'GET /api/me',
      'POST /api/login',
      'file logs/vedette.log',
      `command line of ${vedette.process.pid}`,
      `environment of ${vedette.process.pid}`,
      ...(postgres ? ['table camera', 'table audit', 'file tls/key.pem'] : ['file vedette.db']),
    ]
    expect(places).toEqual(expect.arrayContaining(expected))
    expect(
      places.filter((place) => place.startsWith('command line')).length,
      'control, recorder, vision',
    ).toBeGreaterThan(2)
    expect(canaries.names.length).toBeGreaterThan(10)
    const log = caught.find(({ where }) => where === 'file logs/vedette.log')?.bytes.toString() ?? ''
    for (const name_ of ['"name":"control"', '"name":"recorder"']) expect(log).toContain(name_)
    for (const line of log.trim().split('\n')) expect(Object(JSON.parse(line)).time, line).toMatch(/Z$/)
    const bundle = caught.findLast(({ where }) => where === 'GET /api/logs/bundle')?.bytes.toString() ?? ''
    expect(bundle).toContain('"name":"recorder"')
  })

  test.skipIf(isSkipped)('R22 and it finds what is planted, in each encoding and at each place', () => {
    for (const [form, bytes] of formsOf(cameraPassword)) {
      const planted = {
        where: 'file logs/vedette.log',
        bytes: Buffer.concat([Buffer.alloc(100_000, 0x2e), bytes, Buffer.from('..')]),
      }
      expect(canaries.findLeaks([planted]), form).toHaveLength(1)
    }
    const inBody = Buffer.from(`xx${cameraPassword}`).toString('base64')
    expect(canaries.findLeaks([{ where: 'GET /api/me', bytes: Buffer.from(inBody) }])).toHaveLength(1)
    expect(canaries.findLeaks([{ where: 'GET /api/me', bytes: Buffer.from(cookie) }])).not.toEqual([])
    // The deliberate exits are leaks anywhere else.
    const atExit = caught.find(({ where }) => where === 'POST /api/me/tokens')?.bytes ?? Buffer.alloc(0)
    expect(canaries.findLeaks([{ where: 'POST /api/me/tokens', bytes: atExit }])).toEqual([])
    expect(canaries.findLeaks([{ where: 'GET /api/me/tokens', bytes: atExit }])).not.toEqual([])
  })
})
