/**
 * Starts one kind of child process held back as far as this system allows: chooses the launch by trying, once, and falls back to
 * a simpler one where a child ends before its first word. Says which layers it goes without.
 */
import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Log } from '../lib/log.ts'
import { type ChannelPipe, ChildChannel } from './child-channel.ts'
import type { Launch, MissingLayers } from './launch.ts'
import type { AllowedStarts } from './only-these-programs.ts'
import { type ChosenLaunch, chooseLaunch, giveFilter, tryArguments } from './try-launches.ts'

export interface LauncherOptions {
  readonly name: string
  readonly node: string
  readonly nodeFlags: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  /** From the most to the least held back; none: Node is started as it is. */
  readonly launches: readonly Launch[]
  /** For the boxed ones. */
  readonly filter: Buffer | undefined
  readonly log: Log
}

export interface Launched {
  readonly child: ChildProcess
  readonly channel: ChildChannel
  /** The process itself, where a wrapper stands between; null where it did not start. */
  readonly pid: Promise<number | null>
}

/** A process that was started this often without a word is started in a simpler way. */
const patience = 2

export class Launcher {
  readonly #o: LauncherOptions
  #left: readonly Launch[]
  #chosen: ChosenLaunch | undefined
  #silentEnds = 0

  constructor(options: LauncherOptions) {
    this.#o = options
    this.#left = options.launches
  }

  /** All that it could ever start for this program, for a process that may start nothing else. */
  starts(program: string): AllowedStarts {
    const { node, nodeFlags, environment, launches } = this.#o
    const wrappers = [...launches.map(({ wrapper }) => wrapper), []]
    const variables = { ...environment, ...channelVariables(3) }
    return {
      lines: wrappers.flatMap((wrapper) => [
        [...wrapper, node, ...nodeFlags, program],
        [...wrapper, node, ...tryArguments],
      ]),
      environment: Object.entries(variables).map(([name, value]) => `${name}=${value}`),
    }
  }

  /** What the child goes without, and why. */
  get missing(): MissingLayers {
    return this.#chosen?.missing ?? {}
  }

  /** `stdio` up to descriptor 5 at most; `ipc`, the child's channel, is one of them. Throws where the system starts nothing: no program, no room. */
  async start(program: string, stdio: readonly (number | 'ignore' | 'inherit' | 'ipc' | 'pipe')[]): Promise<Launched> {
    const { name, node, nodeFlags, environment, filter, log } = this.#o
    const { wrapper, isBoxed, waits = false } = await this.#choose()
    const [first = node, ...args] = [...wrapper, node, ...nodeFlags, program]
    const channelAt = stdio.indexOf('ipc')
    const plain = stdio.map((one) => (one === 'ipc' ? 'pipe' : one))
    const free = Array.from({ length: 6 - stdio.length }, () => 'ignore' as const)
    const all: StdioOptions = isBoxed ? [...plain, ...free, 'pipe', 'pipe'] : plain
    const child = spawn(first, args, {
      stdio: all,
      // Ctrl-C reaches the whole terminal group: the wrapper would end, and what it holds a moment after it.
      detached: isBoxed || waits,
      // By these the child's Node finds its channel; it takes them out of its environment.
      env: { ...environment, ...channelVariables(channelAt) },
    })
    // Such a child has an error, and no end that anybody would hear of.
    if (child.pid === undefined) throw (await once(child, 'error'))[0]
    const pipe = child.stdio.at(channelAt)
    if (channelAt < 0 || !isPipe(pipe)) throw new Error('a child without a channel')
    const channel = new ChildChannel(pipe, (why) => {
      log.error({ process: name, why }, 'a process wrote into its channel what is no message, and is ended')
      child.kill('SIGKILL')
    })
    if (!isBoxed) return { child, channel, pid: Promise.resolve(child.pid ?? null) }
    giveFilter(child.stdio.at(6), filter)
    return { child, channel, pid: readBoxedPid(child) }
  }

  /** It works: from now on its ends are its own. */
  spoke(): void {
    this.#silentEnds = Number.NEGATIVE_INFINITY
  }

  /** It ended; without ever having spoken, perhaps because of how it was started. */
  ended(): void {
    this.#silentEnds += 1
    if (this.#silentEnds < patience || !this.#chosen || this.#chosen.wrapper.length === 0) return
    const { wrapper } = this.#chosen
    this.#o.log.warn({ process: this.#o.name, without: wrapper }, 'it does not start like this; a simpler way is tried')
    const at = this.#left.findIndex((launch) => launch.wrapper === wrapper)
    this.#left = this.#left.slice(at + 1)
    this.#chosen = undefined
    this.#silentEnds = 0
  }

  async #choose(): Promise<ChosenLaunch> {
    if (this.#chosen) return this.#chosen
    const { name, node, environment, filter, log } = this.#o
    const chosen = await chooseLaunch(this.#left, node, environment, filter)
    if (chosen.refusals.length > 0)
      log.warn({ process: name, refusals: chosen.refusals }, 'some of the sandbox does not work here')
    this.#chosen = chosen
    return chosen
  }
}

const channelVariables = (at: number) => ({
  NODE_CHANNEL_FD: String(at),
  NODE_CHANNEL_SERIALIZATION_MODE: 'advanced',
})

const isPipe = (pipe: unknown): pipe is ChannelPipe =>
  typeof pipe === 'object' && pipe !== null && 'write' in pipe && 'read' in pipe

/** bubblewrap says whom it started: {"child-pid": 123}. */
function readBoxedPid(child: ChildProcess): Promise<number | null> {
  const pipe = child.stdio.at(7)
  return new Promise((resolve) => {
    let text = ''
    if (!pipe || !('read' in pipe)) return resolve(null)
    pipe.on('data', (chunk: Buffer) => {
      if (text.length < 1000) text += chunk.toString('latin1')
    })
    pipe.on('error', () => {})
    pipe.on('close', () => {
      const pid = /"child-pid":\s*(\d+)/.exec(text)?.[1]
      resolve(pid === undefined ? null : Number(pid))
    })
  })
}
