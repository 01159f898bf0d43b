/**
 * Loaded before anything else in each of the server's processes: where a copy of a file without its types lies ready, that is run.
 * Node would take the types out itself, with a parser that stays in memory for good: 16 MB in each process. Here a process of its
 * own does it (strip-types.mjs), when control meets a file that has changed; where that does not work, Node does it after all.
 */
import { spawnSync } from 'node:child_process'
import { accessSync, constants, statSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { isMainThread } from 'node:worker_threads'
import { project, readCopy } from './stripped-place.mjs'

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

/** Once in a life. False where nothing can have come of it. */
function prepare() {
  if (!mayPrepare) return false
  mayPrepare = false
  try {
    const packages = `${project}node_modules`
    accessSync(packages, constants.W_OK)
    // Root may write everywhere: somebody else's tree would get files that its owner cannot replace.
    if (statSync(packages).uid !== process.geteuid?.()) return false
  } catch {
    return false
  }
  const flags = ['--disable-warning=ExperimentalWarning']
  const program = `${import.meta.dirname}/strip-types.mjs`
  // One file that could not be stripped keeps none of the others from having its copy.
  return spawnSync(process.execPath, [...flags, program], { stdio: 'ignore', timeout: longestMs }).status !== null
}
