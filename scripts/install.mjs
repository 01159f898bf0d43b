// Brings node_modules and web/dist up to date, and does nothing when they are. Shared by `npm start` and `npm test`.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pinnedNode } from './pinned-node.mjs'

export const project = fileURLToPath(new URL('..', import.meta.url))
const major = Number(process.versions.node.split('.')[0])
if (major < 20) stop(`Vedette needs any Node from 20 on to install itself; this is ${process.version}.`)

/** Installs exactly what package-lock.json says, if that has not been done. */
export async function installPackages() {
  const stamp = join(project, 'node_modules/.vedette-installed')
  const wanted = createHash('sha256')
    .update(readFileSync(join(project, 'package-lock.json')))
    .update(process.arch)
    .digest('hex')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  const npm = process.env.npm_execpath
  const [command, args] = npm ? [process.execPath, [npm]] : ['npm', []]
  await step('Installing packages (about 800 MB on disk, once)', command, [...args, 'ci', '--loglevel=error'])
  writeFileSync(stamp, wanted)
}

/** Builds the web app if its sources changed. */
export async function buildWebApp() {
  const stamp = join(project, 'web/dist/.built-from')
  const wanted = fingerprint(['web', 'shared/src', 'package-lock.json'])
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  await step('Building the web app', pinnedNode(), [
    join(project, 'node_modules/vite/bin/vite.js'),
    'build',
    'web',
    '--logLevel',
    'warn',
  ])
  mkdirSync(join(project, 'web/dist'), { recursive: true })
  writeFileSync(stamp, wanted)
}

/** Runs a command quietly with a clock beside its name; shows what it said if it fails, then stops. */
export async function step(title, command, args) {
  const startedMs = Date.now()
  const isTerminal = process.stdout.isTTY
  const seconds = () => `${((Date.now() - startedMs) / 1000).toFixed(0)} s`
  const child = spawn(command, args, { cwd: project, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => (said = (said + chunk).slice(-20_000)))
  if (!isTerminal) console.log(`${title} …`)
  const clock = setInterval(() => isTerminal && process.stdout.write(`\r${title} … ${seconds()} `), 500)
  const code = await new Promise((resolve) => {
    child.on('error', (error) => {
      said += error.message
      resolve(1)
    })
    child.on('close', resolve)
  })
  clearInterval(clock)
  if (code !== 0) stop(`\n${said}\n${title}: failed after ${seconds()}.`)
  console.log(`${isTerminal ? '\r' : ''}${title}: done in ${seconds()}.   `)
}

function fingerprint(paths) {
  const hash = createHash('sha256')
  const visit = (path) => {
    const facts = statSync(path)
    if (!facts.isDirectory()) return hash.update(`${path} ${facts.size} ${facts.mtimeMs}\n`)
    for (const name of readdirSync(path).sort()) if (name !== 'dist' && name !== 'node_modules') visit(join(path, name))
  }
  for (const path of paths) visit(join(project, path))
  return hash.digest('hex')
}

export function stop(message) {
  console.error(message)
  process.exit(1)
}
