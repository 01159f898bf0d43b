/** `vedette routes`: every address of the API and who may use it, from the routes themselves. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openApp } from '../app.ts'
import { systemClock } from '../lib/clock.ts'
import { silentLog } from '../lib/log.ts'
import type { RunCommand } from './program.ts'

export const routesCommand: RunCommand = async ({ config, say, answer }) => {
  // On an empty folder of its own: the list does not depend on the installation, and must not disturb one.
  const dataDir = await mkdtemp(join(tmpdir(), 'vedette-routes-'))
  try {
    const app = await openApp({
      config: {
        ...config,
        dataDir,
        footageDir: join(dataDir, 'footage'),
        database: { kind: 'sqlite', path: join(dataDir, 'vedette.db') },
        keyPlace: { kind: 'own', path: join(dataDir, 'key') },
      },
      clock: systemClock,
      log: silentLog,
      say: () => {},
      isServing: false,
    })
    const routes = app.routes.map(({ method, path, access }) => ({
      method,
      path,
      permission: 'right' in access ? access.right : access.kind,
      object: access.kind === 'camera' ? access.object : access.kind === 'cameras' ? 'cameras' : null,
      fresh: 'fresh' in access && access.fresh === true,
      tokens:
        access.kind === 'camera' || access.kind === 'cameras' || (access.kind === 'self' && access.tokens === true),
    }))
    await app.close()
    for (const { method, path, permission, object } of routes)
      say(`${method.padEnd(7)} ${path.padEnd(42)} ${permission}${object ? ` on ${object}` : ''}`)
    answer({ routes })
    return 0
  } finally {
    await rm(dataDir, { recursive: true, force: true })
  }
}
