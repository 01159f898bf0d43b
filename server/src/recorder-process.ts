/**
 * Control's half of the recorder: forks it, starts it again when it ends, and gives its messages, parsed, to whoever was named.
 * Not here: what it is told and when it may record (recording-link.ts, recorder-succession.ts), an earlier one (recorder-orphan.ts).
 */
import type { ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { AppError } from './lib/app-error.ts'
import type { Clock } from './lib/clock.ts'
import type { Log } from './lib/log.ts'
import { relayOutput } from './lib/relay-output.ts'
import { relayRecord } from './lib/relay-record.ts'
import { type FromRecorder, fromRecorder, type ToRecorder } from './recorder-messages.ts'
import type { ChildChannel } from './sandbox/child-channel.ts'
import type { Launcher } from './sandbox/launcher.ts'

/** The first, the tenth, the hundredth …: a child that says nothing else does not fill the log. */
const isTold = (times: number) => /^10*$/.test(String(times))

export interface RecorderProcessOptions {
  readonly launcher: Launcher
  readonly clock: Clock
  readonly log: Log
  /** A recorder runs and has said `ready`: tell it what to do, read its live pipe. */
  readonly onReady: (livePipe: Readable) => void
  readonly onMessage: (message: FromRecorder) => void
  /** It ended, with or without being asked; nothing that it said about cameras holds any more. */
  readonly onGone: () => void
}

type Answer = Extract<FromRecorder, { requestId: number }>

/** A recorder that needs longer to close its segments is killed; they are recovered then. */
const stopLimitMs = 8_000
const restartDelaysMs = [0, 200, 1_000, 5_000, 10_000]
/** After running this long the next end is a new story: what is killed now and then is started again at once. */
const steadyMs = 2500

export class RecorderProcess {
  readonly #options: RecorderProcessOptions
  #child: ChildProcess | undefined
  #channel: ChildChannel | undefined
  #isReady = false
  #nonsense = 0
  #runId: string | undefined
  #ready = Promise.withResolvers<void>()
  #isClosing = false
  #restarts = 0
  #failuresInARow = 0
  #nextRequestId = 1
  #asked = new Map<number, { resolve: (answer: Answer) => void; reject: (error: AppError) => void }>()
  #closing = new AbortController()

  constructor(options: RecorderProcessOptions) {
    this.#options = options
  }

  get pid(): number | null {
    return this.#child?.pid ?? null
  }
  get restarts(): number {
    return this.#restarts
  }
  get state(): 'running' | 'starting' | 'stopped' {
    if (!this.#child) return this.#isClosing ? 'stopped' : 'starting'
    return this.#isReady ? 'running' : 'starting'
  }

  start(): void {
    void this.#fork()
  }

  /** Resolves when a recorder listens. */
  ready(): Promise<void> {
    return this.#ready.promise
  }

  /** The run of the recorder that listens now; undefined while none does. */
  get runId(): string | undefined {
    return this.#runId
  }

  /** Does nothing while no recorder is ready: what it must know is told again at `onReady`. */
  send(message: ToRecorder): void {
    if (this.#isReady) this.#channel?.send(message)
  }

  /** Sends a request and waits for its answer; a recorder that is starting is waited for. Throws recorder_unavailable. */
  async ask(
    message: DistributiveOmit<Extract<ToRecorder, { requestId: number }>, 'requestId'>,
    limitMs: number,
  ): Promise<Answer> {
    const requestId = this.#nextRequestId++
    const late = new AbortController()
    const timeout = this.#options.clock.sleep(limitMs, late.signal).then(
      () =>
        Promise.reject(
          new AppError('recorder_unavailable', 'The recorder did not answer in time. Try again in a moment.'),
        ),
      () => Promise.reject(unavailable()),
    )
    try {
      await Promise.race([this.#ready.promise, timeout])
      const answer = new Promise<Answer>((resolve, reject) => this.#asked.set(requestId, { resolve, reject }))
      this.#channel?.send({ ...message, requestId } satisfies ToRecorder)
      return await Promise.race([answer, timeout])
    } finally {
      this.#asked.delete(requestId)
      late.abort()
    }
  }

  /** Asks the recorder to close its segments and waits for it, at most 8 s. May be called twice. */
  async close(): Promise<void> {
    this.#isClosing = true
    this.#closing.abort()
    const child = this.#child
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
    if (this.#channel?.isOpen) this.#channel.send({ do: 'stop' } satisfies ToRecorder)
    else child.kill('SIGTERM')
    const killer = setTimeout(() => child.kill('SIGKILL'), stopLimitMs)
    await gone
    clearTimeout(killer)
  }

  async #fork(): Promise<void> {
    const { launcher, log } = this.#options
    const startedMs = this.#options.clock.monotonicMs()
    // 2: what Node prints when it must end; 4: live pictures up. Its log comes as messages.
    const stdio = ['ignore', 'ignore', 'pipe', 'ipc', 'pipe'] as const
    const launched = await launcher
      .start(join(import.meta.dirname, 'recorder-main.ts'), stdio)
      .catch((error: unknown) => {
        log.error({ err: error }, 'the recorder could not be started; it is tried again')
      })
    if (!launched) {
      this.#failuresInARow += 1
      this.#restarts += 1
      return void this.#restart()
    }
    const { child, channel } = launched
    if (this.#isClosing) return void child.kill('SIGKILL')
    this.#child = child
    this.#channel = channel
    relayOutput(child.stderr, log, 'recorder')
    // Ctrl-C reaches the whole terminal group; the recorder ignores it and is stopped by us, in order.
    channel.onMessage((raw) => this.#receive(raw, channel))
    child.on('error', (error) => log.error({ err: error }, 'the recorder could not be told something'))
    child.on('exit', (code, signal) => {
      this.#child = undefined
      this.#channel = undefined
      if (!this.#isClosing) launcher.ended()
      // One that never was ready is waited for in the next one: the start must not wait for the dead.
      if (this.#isReady) this.#ready = Promise.withResolvers<void>()
      this.#isReady = false
      this.#runId = undefined
      for (const asked of this.#asked.values()) asked.reject(unavailable())
      this.#asked.clear()
      this.#options.onGone()
      if (this.#isClosing) return
      const ranMs = this.#options.clock.monotonicMs() - startedMs
      this.#failuresInARow = ranMs > steadyMs ? 0 : this.#failuresInARow + 1
      this.#restarts += 1
      log.error({ exitCode: code, signal, ranMs: Math.round(ranMs) }, 'the recorder ended; it is started again')
      void this.#restart()
    })
  }

  async #restart(): Promise<void> {
    const delayMs = restartDelaysMs[Math.min(Math.max(this.#failuresInARow - 1, 0), restartDelaysMs.length - 1)] ?? 0
    try {
      await this.#options.clock.sleep(delayMs, this.#closing.signal)
    } catch {
      return // Closing.
    }
    await this.#fork()
  }

  #receive(raw: unknown, from: ChildChannel): void {
    const parsed = fromRecorder.safeParse(raw)
    if (!parsed.success) {
      this.#nonsense += 1
      if (isTold(this.#nonsense))
        this.#options.log.error(
          { err: parsed.error, times: this.#nonsense },
          'the recorder said something that is not a message',
        )
      return
    }
    const message = parsed.data
    if (message.say === 'log') return relayRecord(this.#options.log, 'recorder', message.line, ['vision'])
    // What is read only after its end is not of the next one; its notes stand in its journal.
    if (from !== this.#channel) return
    if (message.say === 'ready') {
      this.#isReady = true
      this.#options.launcher.spoke()
      this.#runId = message.runId
      this.#ready.resolve()
      const livePipe = this.#child?.stdio[4]
      if (livePipe && 'read' in livePipe) this.#options.onReady(livePipe as Readable)
      return
    }
    if ('requestId' in message) {
      this.#asked.get(message.requestId)?.resolve(message)
      this.#asked.delete(message.requestId)
      return
    }
    this.#options.onMessage(message)
  }
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never

const unavailable = () => new AppError('recorder_unavailable', 'The recorder is starting. Try again in a moment.')
