/**
 * R15: nothing but net/ opens a connection. Read from the sources: who imports what could, and who calls what is there
 * without an import. A new file that needs the network asks net/ for it, with a purpose of its own (docs/design/egress.md).
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '../../..')
const sources = ['server/src', 'shared/src'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(ts|mjs|js)$/.test(file) && !file.endsWith('.test.ts'))
    .map((file) => `${folder}/${file}`),
)

/** What can connect, and what of it may be used elsewhere because it cannot. */
const harmless: Readonly<Record<string, RegExp>> = {
  net: /^(isIP|isIPv4|isIPv6|createServer|BlockList|type .*|Server|AddressInfo)$/,
  tls: /^(type .*|createSecureContext|createServer|TLSSocket|SecureContext)$/,
  http: /^(createServer|type .*|STATUS_CODES)$/,
  https: /^(createServer|type .*)$/,
  http2: /^(?!)/,
  dgram: /^(?!)/,
  dns: /^(?!)/,
  'dns/promises': /^(?!)/,
  undici: /^(?!)/,
  inspector: /^(?!)/,
}
/** Who uses something that could connect, and does not: each with the reason. */
const allowed: Readonly<Record<string, string>> = {
  'server/src/lib/inherited-pipe.ts net Socket': 'wraps a pipe that the parent opened',
}

interface Import {
  readonly module: string
  readonly names: readonly string[]
}

function importsOf(code: string): Import[] {
  const found: Import[] = []
  for (const [, clause = '', module = ''] of code.matchAll(/\bimport\s+([^'";]*?)\s*from\s*'(?:node:)?([\w/]+)'/g)) {
    const isType = clause.startsWith('type ')
    const names = clause
      .replace(/^type /, '')
      .replace(/[{}]/g, '')
      .split(',')
      .map((name) => name.trim().replace(/ as \w+$/, ''))
      .filter(Boolean)
    found.push({ module, names: names.map((name) => (isType ? `type ${name}` : name)) })
  }
  for (const [, module = ''] of code.matchAll(/\b(?:import|require)\s*\(\s*'(?:node:)?([\w/]+)'/g))
    found.push({ module, names: ['*'] })
  return found
}

/** Comments and texts may speak of anything. */
const codeOf = (file: string) =>
  readFileSync(join(root, file), 'utf8')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/^\s*\/\/.*$/gm, '')

test('R15 only net/ imports what could connect', () => {
  const found = sources
    .filter((file) => !file.startsWith('server/src/net/'))
    .flatMap((file) =>
      importsOf(codeOf(file)).flatMap(({ module, names }) => {
        const rule = Object.hasOwn(harmless, module) ? harmless[module] : undefined
        return names.filter((name) => rule && !rule.test(name)).map((name) => `${file} ${module} ${name}`)
      }),
    )
  expect(found.filter((one) => !Object.hasOwn(allowed, one))).toEqual([])
})

test('R15 nobody uses what connects without an import', () => {
  const globals =
    /(?<![\w.'`$-])(?:fetch|WebSocket|EventSource|XMLHttpRequest)\s*\(|\bnew (?:WebSocket|EventSource)\b|\bglobalThis\s*\[|\bprocess\.binding\b|\bcreateRequire\b|\bgetBuiltinModule\b/
  expect(sources.filter((file) => globals.test(codeOf(file)))).toEqual([])
})

test('R15 a package that talks to the network on its own is none of ours', () => {
  const { dependencies } = JSON.parse(readFileSync(join(root, 'server/package.json'), 'utf8'))
  const clients =
    /^(axios|got|node-fetch|undici|request|superagent|ky|phin|needle|nodemailer|mqtt|telegraf|grammy|web-push|openid-client|minio|ssh2|ftp|basic-ftp|socket\.io.*)$|^@aws-sdk\//
  expect(Object.keys(dependencies).filter((name) => clients.test(name))).toEqual([])
})

test('the reading itself finds what it must', () => {
  const seen = (code: string) => importsOf(code).map(({ module, names }) => `${module} ${names.join()}`)
  expect(seen("import { connect, type Socket } from 'node:net'")).toEqual(['net connect,type Socket'])
  expect(seen("import * as http from 'http'")).toEqual(['http *'])
  expect(seen("await import('node:dns')")).toEqual(['dns *'])
  expect(harmless.net?.test('connect')).toBe(false)
  expect(harmless.net?.test('Socket')).toBe(false)
})
