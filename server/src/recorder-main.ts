/**
 * The recorder process: cameras' connections, segment files, live feeds, and vision below it.
 *
 * In:        messages of control (recorder-messages.ts). Out: notes, states, observations; live frames on pipe 4.
 * Invariant: it waits for nobody. When control is gone it goes on recording until the next control's recorder is connected,
 *            too, and asks it with SIGUSR2 to hand over at the next key frame (docs/design/storage.md "Taking over").
 */
import { rmSync } from 'node:fs'
import { flushCompileCache } from 'node:module'
import { join } from 'node:path'
import { visionLauncher } from './child-launchers.ts'
import { readEnvironment, toConfig } from './config.ts'
import { systemClock } from './lib/clock.ts'
import { giveBackMemory } from './lib/give-back-memory.ts'
import { hardenProcess } from './lib/harden-process.ts'
import { openInheritedPipe } from './lib/inherited-pipe.ts'
import { openLog } from './lib/log.ts'
import { rememberSecret } from './lib/redact.ts'
import { writeLock } from './process-lock.ts'
import { type FromRecorder, type ToRecorder, toRecorder } from './recorder-messages.ts'
import { deedsOf, Recording } from './recorder-recording.ts'
import { allowOnlyPrograms } from './sandbox/only-these-programs.ts'
import { hasNodePermissions, tryDeeds, tryProgram } from './sandbox/try-deeds.ts'

const maxRecordsUnderWay = 500
const triedAfterMs = 1500
/** Cameras are connected and record by then. */
const settledMs = 12_000

hardenProcess('recorder')
const config = toConfig(readEnvironment(), process.cwd())
const clock = systemClock
/** Records on their way to control. A control that hangs costs records, never footage; one that is gone hears none. */
let recordsUnderWay = 0
const log = openLog('recorder', config.logLevel, [
  (line) => {
    if (!process.connected || recordsUnderWay >= maxRecordsUnderWay) return
    recordsUnderWay += 1
    process.send?.({ say: 'log', line } satisfies FromRecorder, undefined, {}, () => {
      recordsUnderWay -= 1
    })
  },
])
const lock = join(config.dataDir, 'recorder.lock')

// Control went away between two writes: what it does not hear, the journal keeps.
const send = (message: FromRecorder) => {
  if (process.connected) process.send?.(message, undefined, {}, () => {})
}
const livePipe = openInheritedPipe(4)

// Before the first byte of a camera.
allowOnlyPrograms(visionLauncher(log).starts(join(import.meta.dirname, 'vision-main.ts')))
const recording = await Recording.open({ config, clock, log, livePipe, send })

/** From the first footage on, the next control must find us; before, an earlier recorder may still hold the folder. */
let folderTaken: Promise<void> | undefined
function takeFolder(): void {
  folderTaken ??= writeLock(lock).catch((error: unknown) =>
    log.error({ err: error }, 'recorder.lock cannot be written: the next control will not find this recorder'),
  )
}

let endsWithControl = false
let isStopping = false
async function stop(): Promise<void> {
  if (isStopping) return
  isStopping = true
  await recording.close()
  await leave()
}

async function handOver(): Promise<void> {
  await recording.recordToKey()
  await stop()
}

async function leave(): Promise<void> {
  if (folderTaken) {
    await folderTaken
    rmSync(lock, { force: true })
  }
  process.exit(0)
}

/** Before anything is done with them: no line about this camera shows them then. */
function rememberPasswords(message: ToRecorder): void {
  if (message.do === 'configure') for (const { password } of message.cameras) rememberSecret(password)
  if (message.do === 'probe') rememberSecret(message.password)
}

process.on('message', (raw) => {
  const message = toRecorder.safeParse(raw)
  if (!message.success) log.error({ err: message.error }, 'control said something that is not a message')
  else if (message.data.do === 'stop') void stop()
  else {
    rememberPasswords(message.data)
    if (message.data.do === 'configure') {
      endsWithControl = message.data.endsWithControl
      if (!message.data.isStandby) takeFolder()
    }
    recording.handle(message.data)
  }
})
process.on('SIGTERM', () => void stop())
// Ctrl-C reaches the whole terminal group; control decides when the recorder ends.
process.on('SIGINT', () => {})
process.on('SIGHUP', () => {})
process.on('SIGUSR2', () => void handOver())
process.on('disconnect', () => {
  // Nobody would find a recorder that has recorded nothing yet.
  if (!folderTaken || endsWithControl) return void stop()
  log.warn('control is gone; recording goes on until the next one takes over')
})
send({ say: 'ready', runId: recording.runId })
// Trying takes a while and holds up everything: after a crash the cameras come first.
setTimeout(
  () =>
    send({
      say: 'tried',
      process: 'recorder',
      hasNodePermissions: hasNodePermissions(),
      tried: [...tryDeeds(deedsOf(config)), tryProgram(process.execPath)],
      missing: {}, // Control started it and knows.
    }),
  triedAfterMs,
)
setTimeout(giveBackMemory, settledMs)
flushCompileCache() // Else only an orderly end would keep it, and the start after a crash is the one that must be quick.
