// `npm start`: installs what is missing, builds the web app when it changed, runs Vedette. Flags go to Vedette.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { buildWebApp, installPackages, project } from './install.mjs'
import { pinnedNode } from './pinned-node.mjs'
import { serverEnvironment, serverFlags } from './server-flags.mjs'

await installPackages()
await buildWebApp()
const vedette = spawn(
  pinnedNode(),
  [...serverFlags, join(project, 'server/src/main.ts'), 'start', ...process.argv.slice(2)],
  { stdio: 'inherit', env: { ...process.env, ...serverEnvironment } },
)
// Ctrl-C reaches the whole terminal group; a service manager signals only this process.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.on(signal, () => signal !== 'SIGINT' && vedette.kill(signal))
vedette.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)))
