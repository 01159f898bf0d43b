/** What signing in costs: one at a time, two hundred at once from as many addresses, and more than the line holds; and what the guard adds to a request for footage. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { camerasOf } from '../server/src/auth/camera-rights.ts'
import { findCaller } from '../server/src/auth/find-caller.ts'
import { hashPassword } from '../server/src/auth/password.ts'
import { addUser, newUser } from '../server/src/auth/user-store.ts'
import { WrongTokens } from '../server/src/auth/wrong-tokens.ts'
import { openDatabase } from '../server/src/db/database.ts'
import { systemClock } from '../server/src/lib/clock.ts'
import { findSegment } from '../server/src/record/segment-store.ts'
import { AccessHouse, type Who } from '../test/support/access-house.ts'
import { RunningVedette } from '../test/support/running-vedette.ts'
import { percentiles } from './percentiles.ts'
import type { Section } from './section.ts'

const password = 'correct horse battery'
const oneByOne = 60
const crowd = 200
const tooMany = 700

interface Answer {
  readonly status: number
  readonly retryAfter: string | undefined
  readonly ms: number
}

export async function authSection(): Promise<Section> {
  const logins = await measureLogins()
  const guards = []
  for (const who of ['admin', 'viewerA', 'tokenA'] as const) guards.push(await measureGuard(who))
  return {
    name: 'auth',
    title: 'Signing in, and what the guard costs',
    command: 'npm run bench -- --only auth',
    rows: [...logins.rows, ...guards.map(({ row }) => row)],
    targets: [
      { what: 'sign-in, nothing else going on, p50', unit: 'ms', limit: 80, measured: logins.idleMs },
      {
        what: `event loop while ${crowd} sign in at once, longest work without coming round`,
        unit: 'ms',
        limit: 250,
        measured: logins.loopMs,
      },
      {
        what: `memory of control while ${crowd} sign in at once, more than before`,
        unit: 'MB',
        limit: 400,
        measured: logins.moreMb,
      },
      { what: `of ${crowd} at once refused`, unit: 'sign-ins', limit: 0, measured: logins.refused },
      {
        what: `of ${tooMany} at once answered with anything but 200 or 503 with Retry-After`,
        unit: 'sign-ins',
        limit: 0,
        measured: logins.odd,
      },
      {
        what: 'guard of a Range request for footage, worst of administrator, viewer and token, p50',
        unit: 'ms',
        limit: 0.3,
        measured: Math.max(...guards.map(({ p50 }) => p50)),
      },
    ],
    notes: [
      'The real program on SQLite over HTTP on loopback; each sign-in has an account and an address (127.x.y.z) of its own, so that no rate limit answers for it. argon2id, 19 MiB, two passes, two at once.',
      'Event loop: CPU time of the main thread between two turns of the loop, written by a watcher loaded into the program (bench/loop-watch.mjs), so that other programs do not count. The other request is GET /api/setup, every 10 ms; its wait includes the machine’s load. Memory is the resident size of the control process, looked at every 20 ms.',
      'Guard: who is it (session or token), whose segment is it, which cameras may be replayed: the questions that it asks of the database before the first byte, called alone, 2000 times after 200.',
    ],
  }
}

async function measureLogins() {
  const folder = await mkdtemp(join(tmpdir(), 'vedette-loop-'))
  const loopFile = join(folder, 'loop')
  const watcher = join(import.meta.dirname, 'loop-watch.mjs')
  const vedette = await RunningVedette.open({
    environment: { NODE_OPTIONS: `--import file://${watcher}`, BENCH_LOOP_FILE: loopFile },
  })
  try {
    await vedette.setUp()
    await addPeople(vedette, oneByOne + crowd + tooMany)
    let next = 0
    const login = () => signIn(vedette.url, next++)
    for (let i = 0; i < 5; i++) await signIn(vedette.url, i)
    const idle: number[] = []
    for (let i = 0; i < oneByOne; i++) idle.push((await login()).ms)
    const before = await residentMb(vedette.process.pid)
    const watched = watch(vedette)
    const fromMs = Date.now()
    const startMs = performance.now()
    const answers = await Promise.all(Array.from({ length: crowd }, login))
    const crowdMs = performance.now() - startMs
    const { waits, peakMb } = await watched.end()
    const loopMs = await longestLoop(loopFile, fromMs)
    const overflow = await Promise.all(Array.from({ length: tooMany }, login))
    const refused = answers.filter(({ status }) => status !== 200).length
    const busy = overflow.filter(({ status, retryAfter }) => status === 503 && retryAfter !== undefined)
    const odd = overflow.filter(({ status }) => status !== 200).length - busy.length
    const one = percentiles(idle)
    const wait = percentiles(waits)
    const many = percentiles(answers.map(({ ms }) => ms))
    return {
      idleMs: one.p50,
      loopMs,
      moreMb: Math.round(peakMb - before),
      refused,
      odd,
      rows: [
        { what: 'sign-in, one at a time', ...one },
        { what: `sign-in, ${crowd} at once (all done in ${Math.round(crowdMs)} ms)`, ...many },
        { what: 'another request meanwhile', ...wait },
        {
          what: `sign-in, ${tooMany} at once: ${busy.length} told to come back`,
          ...percentiles(overflow.map(({ ms }) => ms)),
        },
      ],
    }
  } finally {
    await vedette.close()
    await rm(folder, { recursive: true, force: true })
  }
}

/** Of what loop-watch.mjs wrote since `fromMs`. */
async function longestLoop(file: string, fromMs: number): Promise<number> {
  const lines = (await readFile(file, 'utf8')).trim().split('\n')
  const values = lines.map((line) => line.split(' ').map(Number)).filter(([atMs = 0]) => atMs >= fromMs)
  if (values.length === 0) throw new Error('the event loop was not watched')
  return Math.max(...values.map(([, ms = Number.NaN]) => ms))
}

/** Straight into the database: making them over the API would cost a hash each. */
async function addPeople(vedette: RunningVedette, count: number): Promise<void> {
  const db = await openDatabase({ kind: 'sqlite', path: join(vedette.dataDir, 'vedette.db') })
  const password_hash = await hashPassword(password)
  for (let i = 0; i < count; i++)
    await addUser(db, newUser({ username: `person ${i}`, password_hash, role: 'viewer' }, Date.now()))
  await db.destroy()
}

/** Each from an address of its own. */
function signIn(url: string, number: number): Promise<Answer> {
  const body = JSON.stringify({ username: `person ${number}`, password })
  const localAddress = `127.1.${1 + Math.floor(number / 200)}.${1 + (number % 200)}`
  return send(`${url}/api/login`, { localAddress, body })
}

function send(url: string, { localAddress, body }: { localAddress?: string; body?: string }): Promise<Answer> {
  const startMs = performance.now()
  return new Promise((resolve, reject) => {
    const asked = request(
      url,
      {
        method: body ? 'POST' : 'GET',
        agent: new Agent(),
        ...(localAddress && { localAddress }),
        headers: body ? { 'content-type': 'application/json' } : {},
      },
      (answer) => {
        answer.resume()
        answer.on('end', () =>
          resolve({
            status: answer.statusCode ?? 0,
            retryAfter: answer.headers['retry-after'],
            ms: performance.now() - startMs,
          }),
        )
      },
    )
    asked.on('error', reject)
    asked.end(body)
  })
}

/** Asks for something small all the time and looks at the memory, until the end. */
function watch(vedette: RunningVedette) {
  const waits: number[] = []
  let peakMb = 0
  let isOver = false
  const asking = (async () => {
    while (!isOver) {
      waits.push((await send(`${vedette.url}/api/setup`, {})).ms)
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  })()
  const looking = (async () => {
    while (!isOver) {
      peakMb = Math.max(peakMb, await residentMb(vedette.process.pid))
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  })()
  return {
    end: async () => {
      isOver = true
      await Promise.all([asking, looking])
      return { waits, peakMb }
    },
  }
}

async function residentMb(pid: number | undefined): Promise<number> {
  const text = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmRSS:\s+(\d+)/m.exec(text)?.[1] ?? 0) / 1000
}

async function measureGuard(who: Who) {
  await using house = await AccessHouse.open()
  const { db } = house
  const wrongTokens = new WrongTokens(db, systemClock)
  const find = findCaller({ db, clock: systemClock, auditOnce: async () => {}, wrongTokens })
  const headers = house.headersOf(who)
  const cookies = Object.fromEntries([(headers.cookie ?? 'none=none').split('=')])
  // What the guard looks at of a request; Fastify's own is made per request.
  const asked = { headers, cookies, ip: '127.0.0.1', protocol: 'http', host: '127.0.0.1' } as unknown as Parameters<
    typeof find
  >[0]
  const times: number[] = []
  for (let i = 0; i < 2200; i++) {
    const startMs = performance.now()
    const caller = await find(asked)
    const segment = await findSegment(db, house.a.segment)
    const cameras = caller && (await camerasOf(db, caller, 'replay'))
    if (!segment || !(cameras === 'all' || cameras?.includes(segment.cameraId))) throw new Error(`${who} is not let in`)
    if (i >= 200) times.push(performance.now() - startMs)
  }
  const result = percentiles(times, 3)
  return { p50: result.p50, row: { what: `guard, ${who}`, ...result } }
}
