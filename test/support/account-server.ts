/** Accounts over HTTP by inject, with the real guard, database, audit log and cookies, and a clock that a test turns. */
import type { WriteAudit } from '@vedette/shared/audit.ts'
import type { KyselyPlugin, PluginTransformQueryArgs, PluginTransformResultArgs } from 'kysely'
import { TOTP } from 'otpauth'
import { AuditLog } from '../../server/src/audit/audit-log.ts'
import { listEntries } from '../../server/src/audit/audit-store.ts'
import { authRoutes } from '../../server/src/auth/auth-routes.ts'
import { camerasOf } from '../../server/src/auth/camera-rights.ts'
import { findCaller } from '../../server/src/auth/find-caller.ts'
import { hashPassword } from '../../server/src/auth/password.ts'
import type { SetupCode } from '../../server/src/auth/setup-code.ts'
import { addUser, newUser } from '../../server/src/auth/user-store.ts'
import { WrongTokens } from '../../server/src/auth/wrong-tokens.ts'
import { openDatabase } from '../../server/src/db/database.ts'
import { openHttp } from '../../server/src/http/server.ts'
import { ManualClock } from '../../server/src/lib/clock.ts'
import { silentLog as log } from '../../server/src/lib/log.ts'

export const password = 'correct horse battery'
const key = Buffer.alloc(32, 7)
// The same for all users of all tests: making one costs 20 ms.
const passwordHash = hashPassword(password)

/** What kinds of questions the database was asked, in order. */
class QueryCounter implements KyselyPlugin {
  asked: string[] = []
  transformQuery({ node }: PluginTransformQueryArgs) {
    this.asked.push(node.kind)
    return node
  }
  async transformResult({ result }: PluginTransformResultArgs) {
    return result
  }
}

export type AccountServer = Awaited<ReturnType<typeof openAccountServer>>

export async function openAccountServer(options: { readonly setupCode?: SetupCode } = {}) {
  const clock = new ManualClock(Date.UTC(2026, 5, 1))
  const queries = new QueryCounter()
  const db = (await openDatabase({ kind: 'sqlite', path: ':memory:' })).withPlugin(queries)
  const audit = new AuditLog({ db, key, dataDir: null, clock, log })
  const write: WriteAudit = (entry) => audit.write(entry)
  const find = findCaller({
    db,
    clock,
    auditOnce: (once, entry) => audit.writeOnce(once, entry),
    wrongTokens: new WrongTokens(db, clock),
  })
  const letIn: string[] = []
  const http = await openHttp({
    guard: {
      findCaller: async (request) => {
        const caller = await find(request)
        if (caller) letIn.push(caller.username)
        return caller
      },
      camerasOf: (caller, right) => camerasOf(db, caller, right),
      findCameraOf: { camera: async () => undefined, event: async () => undefined, segment: async () => undefined },
    },
    hosts: () => ['vedette.example'],
    webDir: '/nowhere',
    clock,
    log,
  })
  authRoutes(http, {
    db,
    clock,
    log,
    key,
    audit: write,
    change: audit.change,
    auditOnce: (once, entry) => audit.writeOnce(once, entry),
    setupCode: () => options.setupCode,
    closeSetup: () => {},
    setupClosedReason: () => null,
    defaultVolume: async () => null,
    shrinkPicture: async (jpeg) => Buffer.from(`shrunk ${Buffer.from(jpeg)}`),
  })
  http.get('/api/admins', { config: { access: { kind: 'admin' } } }, async () => ({ ok: true }))
  http.get('/api/views', { config: { access: { kind: 'cameras', right: 'view' } } }, async (request) => ({
    cameras: request.cameras,
    role: request.caller.role,
  }))

  const add = async (username: string, role: 'admin' | 'viewer' = 'admin') => {
    const user = newUser(
      { username, password_hash: await passwordHash, role, email: `${username}@example.org` },
      clock.nowMs(),
    )
    await addUser(db, user)
    return user.id
  }
  return {
    clock,
    db,
    queries,
    /** Who was known by the guard, in order. */
    letIn,
    http,
    add,
    browser: (address?: string) => new Browser(http, address),
    audit: write,
    /** The audit log's entries, the newest first, and their kinds. */
    entries: () => listEntries(db, { limit: 1000 }),
    audited: async () => (await listEntries(db, { limit: 1000 })).map((entry) => entry.kind),
    auditText: async () => JSON.stringify(await listEntries(db, { limit: 1000 })),
    /** The code that an authenticator shows now. */
    codeOf: (secret: string) => new TOTP({ secret }).generate({ timestamp: clock.nowMs() }),
  }
}

interface Answer {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every form.
  readonly body: any
  readonly cookies: readonly string[]
}

/** Keeps cookies as a browser does. */
export class Browser {
  readonly jar = new Map<string, string>()
  readonly #http: Awaited<ReturnType<typeof openHttp>>
  readonly #address: string
  constructor(http: Awaited<ReturnType<typeof openHttp>>, address = '10.0.0.1') {
    this.#http = http
    this.#address = address
  }

  async send(
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    url: string,
    body?: object,
    headers = {},
  ): Promise<Answer> {
    const cookie = [...this.jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await this.#http.inject({
      method,
      url,
      remoteAddress: this.#address,
      ...(body && { payload: body }),
      headers: { host: 'vedette.example', ...(cookie && { cookie }), ...headers },
    })
    const cookies = [answer.headers['set-cookie'] ?? []].flat()
    for (const line of cookies) {
      const [pair = ''] = line.split(';')
      const [name = '', value = ''] = pair.split('=')
      if (value === '') this.jar.delete(name)
      else this.jar.set(name, value)
    }
    return { status: answer.statusCode, body: answer.json(), cookies }
  }
  get = (url: string, headers = {}) => this.send('GET', url, undefined, headers)
  post = (url: string, body?: object, headers = {}) => this.send('POST', url, body, headers)
  logIn = (username: string, given = password, trustDevice = false) =>
    this.post('/api/login', { username, password: given, trustDevice })
  prove = (proof: object, trustDevice = false) => this.post('/api/login/second-factor', { proof, trustDevice })
}

/** Turns TOTP on for the user of a signed-in browser. */
export async function enrol(server: AccountServer, browser: Browser): Promise<{ secret: string; recovery: string[] }> {
  const { secret } = (await browser.post('/api/me/totp', { password })).body
  const answer = await browser.post('/api/me/totp/confirm', { code: server.codeOf(secret) })
  return { secret, recovery: answer.body.recoveryCodes }
}
