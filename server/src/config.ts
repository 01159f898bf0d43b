/**
 * The configuration: what the environment and the flags say, in two pure steps (read, then judge).
 * The only file that reads process.env. Every flag has a variable of the same name: --data is VEDETTE_DATA.
 */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, isAbsolute, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import type { DatabasePlace } from './db/database.ts'
import { type TransportConfig, toTransportConfig, transportVariables } from './http/transport-config.ts'
import { AppError } from './lib/app-error.ts'
import type { LogFormat, LogLevel } from './lib/log.ts'
import { rememberSecret } from './lib/redact.ts'
import type { KeyPlace } from './secrets/key-file.ts'
import { readSecretFile } from './secrets/read-secret-file.ts'

export interface Config {
  /** Absolute path of the data folder. */
  readonly dataDir: string
  readonly host: string
  readonly port: number
  readonly database: DatabasePlace
  /** Where the installation's key lies. */
  readonly keyPlace: KeyPlace
  /** Absolute path of the default volume. */
  readonly footageDir: string
  /** Absolute path of the folder of backups. */
  readonly backupDir: string
  /** Holds the passphrase for the commands `backup` and `restore`; without it they read standard input. */
  readonly backupPassphraseFile: string | undefined
  readonly logLevel: LogLevel
  readonly logFormat: LogFormat
  /** Cameras on this machine may be recorded (simulated cameras, software bridges). */
  readonly allowLoopbackCameras: boolean
  /** Whom to become when started as root; null: stay who we are. */
  readonly user: string | null
  /** A demo's: nothing of it outlives control. */
  readonly isThrowAway: boolean
  /** Folder of the built web app. */
  readonly webDir: string
  readonly version: string
  /** Certificates, names, proxies. */
  readonly transport: TransportConfig
}

/** Flags as the command line gives them; each wins over its variable. */
export interface Flags {
  readonly data?: string | undefined
  readonly host?: string | undefined
  readonly port?: string | undefined
  readonly user?: string | undefined
}

const postgresUrl = /^postgres(ql)?:\/\//

const environment = z.object({
  VEDETTE_DATA: z.string().min(1, 'give a folder').max(4096).default('data'),
  VEDETTE_HOST: z.string().min(1, 'give an address').max(255).default('127.0.0.1'),
  VEDETTE_PORT: z
    .stringFormat('port', (text) => /^\d{1,5}$/.test(text) && Number(text) <= 65535, 'give a number from 0 to 65535')
    .transform(Number)
    .default(8080),
  VEDETTE_DATABASE_URL: z.string().max(4096).regex(postgresUrl, 'it begins with postgres://').optional(),
  VEDETTE_KEY_FILE: z.string().min(1).max(4096).optional(),
  VEDETTE_FOOTAGE: z.string().min(1).max(4096).optional(),
  VEDETTE_BACKUPS: z.string().min(1).max(4096).optional(),
  VEDETTE_BACKUP_PASSPHRASE_FILE: z.string().min(1).max(4096).optional(),
  VEDETTE_LOG_LEVEL: z.enum(['error', 'warn', 'info', 'debug'], 'give error, warn, info or debug').default('info'),
  VEDETTE_USER: z.string().min(1).max(64).optional(),
  VEDETTE_LOG_FORMAT: z.enum(['auto', 'json', 'text'], 'give auto, json or text').default('auto'),
  VEDETTE_ALLOW_LOOPBACK_CAMERAS: z.enum(['0', '1'], 'give 0 or 1').default('0'),
  ...transportVariables,
})

const flagOf = new Map([
  ['VEDETTE_DATA', 'data'],
  ['VEDETTE_HOST', 'host'],
  ['VEDETTE_PORT', 'port'],
  ['VEDETTE_USER', 'user'],
])

const projectDir = resolve(dirname(fileURLToPath(import.meta.url)), '../..')

/** Step one: the variables of this process, with the flags laid over them. */
export function readEnvironment(flags: Flags = {}): Record<string, string | undefined> {
  const own = Object.entries(process.env).filter(
    ([name]) => name.startsWith('VEDETTE_') || name === 'CREDENTIALS_DIRECTORY',
  )
  const given = {
    VEDETTE_DATA: flags.data,
    VEDETTE_HOST: flags.host,
    VEDETTE_PORT: flags.port,
    VEDETTE_USER: flags.user,
  }
  return { ...Object.fromEntries(own), ...Object.fromEntries(Object.entries(given).filter(([, v]) => v !== undefined)) }
}

/** Step two: judged values. Throws bad_request that names the variable. `baseDir` is where relative paths begin. */
export function toConfig(raw: Record<string, string | undefined>, baseDir: string): Config {
  const parsed = environment.safeParse(withSecrets(raw))
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    const name = String(issue?.path[0] ?? '')
    const flag = flagOf.get(name)
    const named = flag ? `--${flag} (or ${name})` : name
    throw new AppError('bad_request', `${named} is wrong: ${issue?.message}.`, { field: name })
  }
  const env = parsed.data
  const absolute = (path: string) => (isAbsolute(path) ? resolve(path) : resolve(baseDir, path))
  const dataDir = absolute(env.VEDETTE_DATA)
  const url = env.VEDETTE_DATABASE_URL
  return {
    dataDir,
    host: env.VEDETTE_HOST,
    port: env.VEDETTE_PORT,
    keyPlace: keyPlaceOf(env.VEDETTE_KEY_FILE && absolute(env.VEDETTE_KEY_FILE), raw.CREDENTIALS_DIRECTORY, dataDir),
    database: url ? { kind: 'postgres', url } : { kind: 'sqlite', path: resolve(dataDir, 'vedette.db') },
    footageDir: env.VEDETTE_FOOTAGE ? absolute(env.VEDETTE_FOOTAGE) : resolve(dataDir, 'footage'),
    backupDir: env.VEDETTE_BACKUPS ? absolute(env.VEDETTE_BACKUPS) : resolve(dataDir, 'backups'),
    backupPassphraseFile: env.VEDETTE_BACKUP_PASSPHRASE_FILE && absolute(env.VEDETTE_BACKUP_PASSPHRASE_FILE),
    logLevel: env.VEDETTE_LOG_LEVEL,
    logFormat: env.VEDETTE_LOG_FORMAT,
    allowLoopbackCameras: env.VEDETTE_ALLOW_LOOPBACK_CAMERAS === '1',
    user: env.VEDETTE_USER ?? null,
    isThrowAway: false,
    webDir: resolve(projectDir, 'web/dist'),
    version: readVersion(),
    transport: toTransportConfig(env, absolute),
  }
}

/** Where the user stood when the command was given: npm changes the folder to the project's own. */
export function callersDir(): string {
  return process.env.INIT_CWD ?? process.cwd()
}

/** All of it, without what belongs to the user that we are: for beginning anew as another one. */
export function ownEnvironment(): Record<string, string> {
  const ofUser = ['HOME', 'USER', 'LOGNAME', 'MAIL', 'SHELL', 'XDG_RUNTIME_DIR']
  const given = Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))
  return Object.fromEntries(given.filter(([name]) => name !== undefined && !ofUser.includes(name)))
}

/** What a child process gets of the environment: nothing of ours, no secret. `UV_THREADPOOL_SIZE` works only from here. */
export function childEnvironment(threads: number): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '',
    TZ: 'UTC',
    UV_THREADPOOL_SIZE: String(threads),
    NODE_ENV: 'production',
    // glibc keeps a heap per thread otherwise.
    MALLOC_ARENA_MAX: '2',
    ...(process.env.NODE_COMPILE_CACHE ? { NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE } : {}),
  }
}

/** Each of these secrets may also come from a file, which `<name>_FILE` names: nothing of it shows in the environment. */
const secretVariables = ['VEDETTE_DATABASE_URL'] as const

function withSecrets(raw: Record<string, string | undefined>): Record<string, string | undefined> {
  const given = { ...raw }
  for (const name of secretVariables) {
    const file = `${name}_FILE`
    const path = given[file]
    delete given[file]
    if (path === undefined) continue
    if (given[name] !== undefined)
      throw new AppError('bad_request', `${name} and ${file} are both given. Keep one of them.`, { field: file })
    given[name] = readSecretFile(file, path)
  }
  rememberPassword(given.VEDETTE_DATABASE_URL)
  return given
}

/** No log shows it, in whatever error it turns up. */
function rememberPassword(url: string | undefined): void {
  const written = /^[^/]*:\/\/[^/?#]*?:([^/?#]*)@/.exec(url ?? '')?.[1]
  if (written === undefined) return
  rememberSecret(written)
  try {
    rememberSecret(decodeURIComponent(written))
  } catch {
    // Not percent-encoded: the driver takes it as it is, too.
  }
}

/** systemd puts `LoadCredential=vedette-key:…` into a folder that only the service can read. */
const credentialName = 'vedette-key'

function keyPlaceOf(named: string | undefined, credentialsDir: string | undefined, dataDir: string): KeyPlace {
  if (named !== undefined) return { kind: 'named', path: named }
  const credential = credentialsDir && resolve(credentialsDir, credentialName)
  if (credential && existsSync(credential)) return { kind: 'credential', path: credential }
  return { kind: 'own', path: resolve(dataDir, 'key') }
}

/** Of package.json. */
export function readVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(resolve(projectDir, 'package.json'), 'utf8'))
  return z.object({ version: z.string() }).parse(manifest).version
}
