/** `vedette start`, and with --demo the same on a throw-away folder with two simulated cameras. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { flushCompileCache } from 'node:module'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { type App, openApp } from '../app.ts'
import { becomeUser } from '../become-user.ts'
import { type Config, childEnvironment } from '../config.ts'
import { AppError } from '../lib/app-error.ts'
import { systemClock } from '../lib/clock.ts'
import { giveBackMemory } from '../lib/give-back-memory.ts'
import { consoleSink, type Log, openLog } from '../lib/log.ts'
import { LogFile } from '../lib/log-file.ts'
import { makeDemoFolder, removeDeadDemos } from './demo-folders.ts'
import type { Session } from './program.ts'

/** Everything that a clean end may take; a second signal ends at once. */
const closeLimitMs = 10_000
const secondSignalMs = 1000
/** Cameras are connected and the first page is loaded by then. */
const settledMs = 10_000

export async function startCommand(session: Session): Promise<number> {
  becomeUser(session.config)
  return runUntilSignal(() =>
    openApp({
      config: session.config,
      clock: systemClock,
      log: openControlLog(session.config),
      say: session.say,
    }),
  )
}

/** On the console and in the data folder, where the log page reads it. */
function openControlLog({ dataDir, logLevel, logFormat }: Config): Log {
  return openLog('control', logLevel, [consoleSink(logFormat), new LogFile(join(dataDir, 'logs')).write])
}

export async function demoCommand(session: Session): Promise<number> {
  await removeDeadDemos(tmpdir())
  const cameras = await startSimulatedCameras(2, session.say)
  const dataDir = await makeDemoFolder(tmpdir())
  const config: Config = {
    ...session.config,
    dataDir,
    footageDir: join(dataDir, 'footage'),
    database: { kind: 'sqlite', path: join(dataDir, 'vedette.db') },
    keyPlace: { kind: 'own', path: join(dataDir, 'key') },
    allowLoopbackCameras: true,
    isThrowAway: true,
  }
  try {
    return await runUntilSignal(async () => {
      const app = await openApp({
        config,
        clock: systemClock,
        log: openControlLog(config),
        say: session.say,
        hasOwnSetup: true,
      })
      const admin = await app.prepareDemo(cameras.addresses)
      session.say(
        `\n  Demo: sign in as ${admin.username} with the password ${admin.password}\n  Everything lies in ${dataDir} and is deleted at the end.\n`,
      )
      return app
    })
  } finally {
    cameras.process.kill('SIGTERM')
    await rm(dataDir, { recursive: true, force: true })
  }
}

const simulated = z.object({ cameras: z.array(z.object({ main: z.string(), sub: z.string() })) })

async function startSimulatedCameras(count: number, say: (line: string) => void) {
  say('Drawing the simulated cameras’ pictures (a few seconds, once) …')
  const program = resolve(import.meta.dirname, '../../../test/cameras/main.ts')
  const child: ChildProcess = fork(program, ['--count', String(count), '--with-parent'], {
    stdio: ['pipe', 'pipe', 'inherit', 'ipc'],
    execArgv: [
      '--disable-warning=ExperimentalWarning',
      '--max-semi-space-size=4',
      '--expose-gc',
      `--import=${resolve(import.meta.dirname, '../stripped-code.mjs')}`,
    ],
    env: childEnvironment(4),
  })
  let text = ''
  child.stdout?.on('data', (chunk: Buffer) => {
    text += chunk.toString()
  })
  while (!text.includes('\n')) {
    if (child.exitCode !== null) throw new AppError('internal', 'The simulated cameras did not start.')
    await Promise.race([child.stdout ? once(child.stdout, 'data') : undefined, once(child, 'exit')])
  }
  return { process: child, addresses: simulated.parse(JSON.parse(text.split('\n')[0] ?? '')).cameras }
}

async function runUntilSignal(open: () => Promise<App>): Promise<number> {
  const stopped = new Promise<void>((resolveStop) => {
    let firstMs: number | undefined
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.on(signal, () => {
        // From now on, whatever still opens or closes: a service manager would kill us, and ours.
        if (firstMs === undefined) setTimeout(() => process.exit(1), closeLimitMs).unref()
        firstMs ??= systemClock.monotonicMs()
        // Ctrl-C may arrive twice, from the terminal and from npm; a person's second one comes later and means: at once.
        if (systemClock.monotonicMs() - firstMs > secondSignalMs) process.exit(1)
        resolveStop()
      })
  })
  const app = await open()
  flushCompileCache()
  setTimeout(giveBackMemory, settledMs).unref()
  await Promise.race([stopped, app.failed])
  // Without a signal, too: what failed may hang.
  setTimeout(() => process.exit(1), closeLimitMs).unref()
  await app.close()
  return 0
}
