/** What comes from others: few, locked, of a licence that lets Vedette be what it is, and nothing runs when it is installed. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { judgeAudit } from './audit.mjs'
import { makeSbom } from './sbom.mjs'

interface Locked {
  readonly name?: string
  readonly version?: string
  readonly resolved?: string
  readonly integrity?: string
  readonly license?: string
  readonly link?: boolean
  readonly dev?: boolean
  readonly hasInstallScript?: boolean
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

const project = join(import.meta.dirname, '..')
const read = (path: string) => readFileSync(join(project, path), 'utf8')
const lock: { lockfileVersion: number; packages: Record<string, Locked> } = JSON.parse(read('package-lock.json'))
const own = ['', 'shared', 'server', 'web']
const foreign = Object.entries(lock.packages).filter(([path, { link }]) => !own.includes(path) && !link)
const nameOf = (path: string) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)

/** Licences that ask for no more than their text and, of MPL, for the changes of their own files. */
const allowed = [
  'MIT',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'Apache-2.0',
  'MIT OR Apache-2.0',
  'BlueOak-1.0.0',
  'Unlicense',
  'MPL-2.0',
  'CC0-1.0',
  'Python-2.0',
]
/** By name, with the reason. */
const otherwise: Record<string, string> = {
  // A font: may be shipped with programs under their own licence.
  '@fontsource-variable/inter': 'OFL-1.1',
  // Its package.json names none; the LICENSE beside it is the BSD licence with three clauses.
  '@shinyoshiaki/jspack': 'BSD-3-Clause',
}
/** Packages that would run something when they are installed. npm does not (.npmrc), and they must work without it. */
const scriptsNotRun = ['node-av']

test('R40 every package is locked by its hash, and comes from nowhere but the registry', () => {
  expect(lock.lockfileVersion).toBe(3)
  expect(foreign.length).toBeGreaterThan(100)
  for (const [path, { integrity = '', resolved, version = '' }] of foreign) {
    expect(integrity, path).toMatch(/^sha512-[A-Za-z0-9+/]{86}==$/)
    expect(version, path).toMatch(/^\d+\.\d+\.\d+/)
    if (resolved !== undefined) expect(resolved, path).toMatch(/^https:\/\/registry\.npmjs\.org\//)
  }
})

test('R40 what we ask for is pinned to one version', () => {
  for (const folder of own) {
    const manifest: Locked = JSON.parse(read(join(folder, 'package.json')))
    const asked = { ...manifest.dependencies, ...manifest.devDependencies, ...manifest.optionalDependencies }
    for (const [name, version] of Object.entries(asked))
      expect(version, `${name} in ${folder || 'the project'}`).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/)
  }
})

test('R40 nothing runs at install but what is named', () => {
  expect(read('.npmrc')).toMatch(/^ignore-scripts=true$/m)
  const running = foreign.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => nameOf(path))
  expect(running.sort()).toEqual(scriptsNotRun)
})

test('R40 every licence is one of those that are allowed', () => {
  const wrong = foreign.filter(([path, { license }]) => {
    const named = otherwise[nameOf(path)]
    return named === undefined ? !allowed.includes(String(license)) : license !== undefined && license !== named
  })
  expect(wrong.map(([path, { license }]) => `${path}: ${license}`)).toEqual([])
  const names = foreign.map(([path]) => nameOf(path))
  expect(Object.keys(otherwise).filter((name) => !names.includes(name))).toEqual([])
})

test('R40 every package that we ask for stands in docs/design/packages.md, with why', () => {
  const page = read('docs/design/packages.md')
  // `@fastify/{cookie,static}` names two.
  const text = page.replace(/(@[\w-]+\/)\{([^}]+)\}/g, (_, scope: string, list: string) =>
    list
      .split(',')
      .map((name) => scope + name.trim())
      .join(' '),
  )
  const words = new Set(text.split(/[\s,|()`:;]+/))
  const missing = own.flatMap((folder) => {
    const manifest: Locked = JSON.parse(read(join(folder, 'package.json')))
    return Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies, ...manifest.devDependencies })
  })
  expect(missing.filter((name) => !words.has(name) && !/^@(types|vedette)\//.test(name)).sort()).toEqual([])
})

test('R40 the list of parts names every package that users run, with version, hash and licence, and is the same each time', () => {
  const sbom = makeSbom()
  expect(sbom).toMatchObject({ bomFormat: 'CycloneDX', metadata: { component: { name: 'vedette' } } })
  // The graph names nothing that is not in the list, and every part is reached from the top.
  const graph = new Map(sbom.dependencies.map(({ ref, dependsOn }) => [ref, dependsOn]))
  const reached = new Set<string>()
  const reach = (ref: string): void => {
    if (reached.has(ref)) return
    reached.add(ref)
    for (const next of graph.get(ref) ?? [`${ref} is not in the list`]) reach(next)
  }
  reach(sbom.metadata.component['bom-ref'])
  expect([...graph.keys()].filter((ref) => !reached.has(ref))).toEqual([])
  expect([...reached].filter((ref) => !graph.has(ref))).toEqual([])
  const parts: { name: string; version: string; purl: string; hashes?: unknown[] }[] = sbom.components
  const run = foreign.filter(([, { dev }]) => !dev)
  for (const [path, { version }] of run) {
    const part = parts.find((one) => one.name === nameOf(path) && one.version === version)
    expect(part?.purl, path).toMatch(/^pkg:npm\//)
    expect(part?.hashes, path).toHaveLength(1)
  }
  expect(JSON.stringify(makeSbom())).toBe(JSON.stringify(sbom))
})

test('R40 an audit without an answer is no clean one', () => {
  expect(judgeAudit(1, '{"message":"405 Method Not Allowed"}')).toMatchObject({ state: 'unreachable' })
  expect(judgeAudit(null, '')).toMatchObject({ state: 'unreachable' })
  expect(judgeAudit(0, '{"metadata":{"vulnerabilities":{"total":0}}}')).toMatchObject({ state: 'clean' })
  const found = { metadata: { vulnerabilities: { total: 1 } }, vulnerabilities: { x: { name: 'x', severity: 'high' } } }
  expect(judgeAudit(1, JSON.stringify(found))).toEqual({ state: 'found', text: 'x (high)' })
})
