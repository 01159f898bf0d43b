/** Starts children that do nothing but live, and lends tests their voices: what they say comes when a test wants it. */
import { duplexPair } from 'node:stream'
import { silentLog } from '../../server/src/lib/log.ts'
import { ChildChannel } from '../../server/src/sandbox/child-channel.ts'
import { type Launched, Launcher } from '../../server/src/sandbox/launcher.ts'

export class VoicedLauncher extends Launcher {
  /** One for each child that was started: `send` says something to its parent. */
  readonly voices: ChildChannel[] = []
  readonly #pid: number | undefined

  /** `pid`: in place of that of the child. */
  constructor(pid?: number) {
    const nodeFlags = ['--eval', "process.on('disconnect', () => process.exit()); setInterval(() => {}, 1000)", '--']
    const nothing = { environment: {}, launches: [], filter: undefined }
    super({ name: 'voiced', node: process.execPath, nodeFlags, ...nothing, log: silentLog })
    this.#pid = pid
  }

  override async start(...asked: Parameters<Launcher['start']>): Promise<Launched> {
    const { child, pid } = await super.start(...asked)
    const [here, there] = duplexPair()
    this.voices.push(new ChildChannel(there, () => {}))
    return { child, channel: new ChildChannel(here, () => {}), pid: this.#pid ? Promise.resolve(this.#pid) : pid }
  }
}
