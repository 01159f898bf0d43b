/**
 * Loaded before anything else in each of the server's processes: where a copy of a file without its types lies ready, that is run.
 * Node would take the types out itself, with a parser that stays in memory for good: 16 MB in each process. Here a process of its
 * own does it (strip-types.mjs), when control meets a file that has changed; where that does not work, Node does it after all.
 */
import { spawnSync } from 'node:child_process'
import { accessSync, constants, readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { isMainThread } from 'node:worker_threads'
import { placeOfCopy, project, sealOf } from './stripped-place.mjs'

const root = pathToFileURL(project).href
const longestMs = 60_000
/** Control only: its children may write nothing there. */
let mayPrepare = isMainThread && (process.argv[1] ?? '').endsWith('/server/src/main.ts')

registerHooks({
  load(url, context, next) {
    if (!url.startsWith(root) || !url.endsWith('.ts')) return next(url, context)
    const path = fileURLToPath(url)
    const source = readCopy(path) ?? (prepare() ? readCopy(path) : undefined)
    return source === undefined ? next(url, context) : { format: 'module', source, shortCircuit: true }
  },
})

/**
 * Undefined where there is none of this very file.
 * @param {string} path
 */
function readCopy(path) {
  const place = placeOfCopy(path)
  if (place === undefined) return undefined
  try {
    const source = readFileSync(path, 'utf8')
    const copy = readFileSync(place, 'utf8')
    const end = copy.lastIndexOf('\n')
    return copy.slice(end) === sealOf(source, copy.slice(0, end)) ? copy : undefined
  } catch {
    return undefined
  }
}

/** Once in a life. False where nothing can have come of it. */
function prepare() {
  if (!mayPrepare) return false
  mayPrepare = false
  try {
    accessSync(`${project}node_modules`, constants.W_OK)
  } catch {
    return false
  }
  const flags = ['--disable-warning=ExperimentalWarning']
  const program = `${import.meta.dirname}/strip-types.mjs`
  return spawnSync(process.execPath, [...flags, program], { stdio: 'ignore', timeout: longestMs }).status === 0
}
