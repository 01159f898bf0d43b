/** `vedette doctor`: looks at the installation from outside and says what is wrong and what to do. Changes nothing. */
import { spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { availableParallelism, totalmem } from 'node:os'
import { sql } from 'kysely'
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

interface Check {
  readonly name: string
  readonly state: 'good' | 'note' | 'bad'
  readonly says: string
}

export const doctorCommand: RunCommand = async ({ config, say, answer }) => {
  const checks = [
    machine(config),
    ...folder(config),
    ...checkCertificates(config, systemClock.nowMs()),
    ...(await database(config)),
    ...sandbox(),
  ]
  const marks = { good: 'ok  ', note: 'note', bad: 'BAD ' }
  for (const check of checks) say(`${marks[check.state]}  ${check.name}: ${check.says}`)
  answer({ checks })
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
    const db = await openDatabase(config.database)
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
    if (error instanceof AppError) return [{ name: 'database', state: 'bad', says: error.message }]
    throw error
  }
}

/** What this system offers to hold child processes back. Which layers are used stands on the line. */
function sandbox(): Check[] {
  const offered = ['setpriv', 'prlimit', 'bwrap', 'unshare'].filter(
    (name) => spawnSync('sh', ['-c', `command -v ${name}`]).status === 0,
  )
  return [
    {
      name: 'sandbox',
      state: 'note',
      says: `vision runs as a process of its own without network use, database or secrets; no further layer is active yet (offered here: ${offered.join(', ') || 'none'}).`,
    },
    ...(process.getuid?.() === 0
      ? [
          {
            name: 'user',
            state: 'note' as const,
            says: 'running as root: Vedette does not drop to another user yet. Give it a user of its own.',
          },
        ]
      : []),
  ]
}
