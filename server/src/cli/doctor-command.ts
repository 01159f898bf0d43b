/** `vedette doctor`: looks at the installation from outside and says what is wrong and what to do. Changes nothing. */
import { existsSync, statSync } from 'node:fs'
import { availableParallelism, totalmem } from 'node:os'
import { sql } from 'kysely'
import { rootProblem } from '../become-user.ts'
import { listCameras } from '../cameras/camera-store.ts'
import type { Config } from '../config.ts'
import { openDatabase } from '../db/database.ts'
import { AppError } from '../lib/app-error.ts'
import { systemClock } from '../lib/clock.ts'
import { readIndexState } from '../record/cleaner-state-store.ts'
import { readKeyFile } from '../secrets/key-file.ts'
import { listVolumes } from '../storage/volume-store.ts'
import { lookAtVolume } from '../storage/volumes.ts'
import { checkCertificates } from './certificate-check.ts'
import type { RunCommand } from './program.ts'
import { measureSandbox, sandboxLines } from './sandbox-check.ts'

interface Check {
  readonly name: string
  readonly state: 'good' | 'note' | 'bad'
  readonly says: string
}

export const doctorCommand: RunCommand = async ({ config, say, answer }) => {
  const sandbox = await measureSandbox(config)
  const checks = [
    machine(config),
    ...folder(config),
    ...checkCertificates(config, systemClock.nowMs()),
    ...(await database(config)),
    ...user(),
    ...sandboxLines(sandbox),
  ]
  const marks = { good: 'ok  ', note: 'note', bad: 'BAD ' }
  for (const check of checks) say(`${marks[check.state]}  ${check.name}: ${check.says}`)
  answer({ checks, sandbox })
  return checks.some((check) => check.state === 'bad') ? 1 : 0
}

function machine(config: Config): Check {
  const memory = `${(totalmem() / 2 ** 30).toFixed(1)} GiB`
  return {
    name: 'machine',
    state: 'good',
    says: `Vedette ${config.version}, Node ${process.version}, ${process.arch}, ${availableParallelism()} cores, ${memory}`,
  }
}

function folder({ dataDir, keyPlace }: Config): Check[] {
  if (!existsSync(dataDir))
    return [{ name: 'data folder', state: 'note', says: `${dataDir} is not there yet; the first start makes it.` }]
  const isOpen = (path: string) => existsSync(path) && (statSync(path).mode & 0o077) !== 0
  return [
    isOpen(dataDir)
      ? { name: 'data folder', state: 'bad', says: `other users can read ${dataDir}: run \`chmod 700 ${dataDir}\`.` }
      : { name: 'data folder', state: 'good', says: dataDir },
    keyCheck(keyPlace),
  ]
}

function keyCheck(place: Config['keyPlace']): Check {
  try {
    const file = readKeyFile(place)
    const where = { own: 'in the data folder', named: place.path, credential: 'a systemd credential' }[place.kind]
    if (file?.next) return { name: 'key', state: 'note', says: 'a rotation was cut short; the next start ends it.' }
    return { name: 'key', state: 'good', says: file ? `private, ${where}` : 'made at the first start' }
  } catch (error) {
    if (error instanceof AppError) return { name: 'key', state: 'bad', says: error.message }
    throw error
  }
}

async function database(config: Config): Promise<Check[]> {
  if (config.database.kind === 'sqlite' && !existsSync(config.database.path))
    return [{ name: 'database', state: 'note', says: 'not there yet; the first start makes it.' }]
  try {
    const db = await openDatabase(config.database, () => Promise.reject(notYet))
    try {
      const versionOf =
        config.database.kind === 'sqlite'
          ? sql<{ v: string }>`select sqlite_version() as v`
          : sql<{ v: string }>`select version() as v`
      const version = (await versionOf.execute(db)).rows[0]?.v ?? ''
      const state = await readIndexState(db)
      const cameras = await listCameras(db, 'all')
      const checks: Check[] = [
        { name: 'database', state: 'good', says: `${config.database.kind === 'sqlite' ? 'SQLite ' : ''}${version}` },
        state === 'building'
          ? {
              name: 'index',
              state: 'bad',
              says: 'a rebuild was cut short; nothing is deleted until `npx vedette rebuild` has gone through.',
            }
          : { name: 'index', state: 'good', says: state ?? 'empty' },
        {
          name: 'cameras',
          state: 'good',
          says: `${cameras.length}, ${cameras.filter((camera) => camera.settings.enabled).length} of them switched on`,
        },
      ]
      for (const volume of await listVolumes(db)) {
        const { state: health, problem, freeBytes, totalBytes } = await lookAtVolume(volume)
        checks.push({
          name: `volume ${volume.path}`,
          state: health === 'ok' ? 'good' : 'bad',
          says: problem ?? `${(freeBytes / 1e9).toFixed(0)} of ${(totalBytes / 1e9).toFixed(0)} GB free`,
        })
      }
      return checks
    } finally {
      await db.destroy()
    }
  } catch (error) {
    if (error === notYet) return [{ name: 'database', state: 'note', says: notYet.message }]
    if (error instanceof AppError) return [{ name: 'database', state: 'bad', says: error.message }]
    throw error
  }
}

/** Bringing it up to date would change it, perhaps under a server that runs. */
const notYet = new AppError('conflict', 'empty or of an earlier version; the next start brings it up to date.')

/** Started as root by a person who asks, Vedette need not run as root. */
function user(): Check[] {
  const problem = rootProblem()
  return problem === null ? [] : [{ name: 'user', state: 'note', says: problem }]
}
