// Where the pinned Node 24 and other prebuilt programs lie after `npm ci` (docs/design/packages.md). Runs on any Node >= 20.
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const modules = fileURLToPath(new URL('../node_modules/', import.meta.url))

/** Path of the Node that runs the server; throws with what to do where this machine has none. */
export function pinnedNode() {
  return platformProgram('node-linux-', 'bin/node')
}

/** Path of the formatter and linter. */
export function biome() {
  return platformProgram('@biomejs/cli-linux-', 'biome')
}

function platformProgram(packagePrefix, program) {
  const path = `${modules}${packagePrefix}${process.arch}/${program}`
  if (process.platform !== 'linux' || !['x64', 'arm64'].includes(process.arch)) {
    throw new Error(`Vedette runs on Linux x64 and arm64; this is ${process.platform} ${process.arch}.`)
  }
  if (!existsSync(path)) throw new Error(`${path} is missing: run \`npm ci\` in the project's folder first.`)
  return path
}
