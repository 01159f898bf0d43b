// `npm run sbom [-- file]`: what this release consists of, as CycloneDX 1.5 JSON from the lock file (access.md R40). The same
// lock file gives the same bytes: no time, no random number. Without a file it goes to standard output.
//
// Not npm's own `npm sbom`: with --omit=dev npm 11 leaves out whatever development uses as well (ws, pg-types, tslib …), and
// without it refuses this lock file for two optional packages of another platform.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const project = fileURLToPath(new URL('..', import.meta.url))
const marker = 'node_modules/'

/** Tools of development are left out: nobody runs them. What runs on one platform only is `optional`. */
export function makeSbom(lock = JSON.parse(readFileSync(join(project, 'package-lock.json'), 'utf8'))) {
  const parts = Object.entries(lock.packages).filter(([path, part]) => path !== '' && !part.link && !part.dev)
  const refs = new Map(parts.map(([path, part]) => [path, `${nameOf(path, part)}@${part.version}`]))
  const root = lock.packages['']
  const known = new Set()
  const components = []
  const dependencies = [
    { ref: `${lock.name}@${lock.version}`, dependsOn: [...own(lock), ...dependsOn(lock, refs, '', root)] },
  ]
  for (const [path, part] of parts) {
    const ref = refs.get(path)
    if (known.has(ref)) continue
    known.add(ref)
    components.push(component(ref, path, part))
    dependencies.push({ ref, dependsOn: dependsOn(lock, refs, path, part) })
  }
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.5.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    metadata: {
      component: {
        'bom-ref': `${lock.name}@${lock.version}`,
        type: 'application',
        name: lock.name,
        version: lock.version,
        licenses: [{ license: { id: root.license } }],
      },
    },
    components,
    dependencies,
  }
}

const nameOf = (path, part) =>
  path.includes(marker) ? path.slice(path.lastIndexOf(marker) + marker.length) : part.name
/** The workspaces. */
const own = (lock) => Object.values(lock.packages).flatMap((part) => (part.link ? [refOf(lock, part.resolved)] : []))
const refOf = (lock, path) => `${nameOf(path, lock.packages[path])}@${lock.packages[path].version}`

function component(ref, path, part) {
  const name = nameOf(path, part)
  const [, algorithm, value] = /^(sha512)-(.+)$/.exec(part.integrity ?? '') ?? []
  return {
    'bom-ref': ref,
    type: 'library',
    name,
    version: part.version,
    scope: part.optional || part.devOptional || part.peer ? 'optional' : 'required',
    ...(path.includes(marker) && { purl: `pkg:npm/${name.replace('@', '%40')}@${part.version}` }),
    ...(algorithm && { hashes: [{ alg: 'SHA-512', content: Buffer.from(value, 'base64').toString('hex') }] }),
    ...(part.license && { licenses: [licence(part.license)] }),
  }
}

const licence = (text) => (/ (OR|AND|WITH) /.test(text) ? { expression: text } : { license: { id: text } })

/** As Node finds them: beside the package, then in each folder above. */
function dependsOn(lock, refs, path, part) {
  const names = Object.keys({ ...part.dependencies, ...part.optionalDependencies, ...part.peerDependencies })
  const found = names.flatMap((name) => {
    for (let from = path; ; from = from.includes('/') ? from.slice(0, from.lastIndexOf('/')) : '') {
      const at = `${from ? `${from}/` : ''}${marker}${name}`
      const hit = lock.packages[at]?.link ? lock.packages[at].resolved : at
      if (refs.has(hit)) return [refs.get(hit)]
      if (from === '') return []
    }
  })
  return [...new Set(found)].sort()
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = `${JSON.stringify(makeSbom(), null, 2)}\n`
  const file = process.argv[2]
  if (file === undefined) process.stdout.write(text)
  else writeFileSync(join(process.env.INIT_CWD ?? process.cwd(), file), text)
}
