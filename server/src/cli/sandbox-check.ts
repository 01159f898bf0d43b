/** What would hold recorder and vision back if this user started Vedette now: measured on a stand-in for each. */
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { type ProcessSandbox, triedDeed } from '@vedette/shared/sandbox.ts'
import { z } from 'zod'
import { recorderLauncher, visionLauncher } from '../child-launchers.ts'
import type { Config } from '../config.ts'
import { silentLog } from '../lib/log.ts'
import { deedsOf } from '../recorder-recording.ts'
import type { ChildChannel } from '../sandbox/child-channel.ts'
import { judgeLayers } from '../sandbox/judge-layers.ts'
import type { Launcher } from '../sandbox/launcher.ts'
import { processWithin, readProcessFacts } from '../sandbox/process-facts.ts'
import { layerWords, reasonSentences } from '../sandbox/sentences.ts'

const answerLimitMs = 10_000
const answer = z.object({ hasNodePermissions: z.boolean(), tried: z.array(triedDeed) })
/** The recorder must reach cameras and start vision, and is not asked about control. */
const recorderMay = ['reach_network', 'start_program', 'signal_parent']

export async function measureSandbox(config: Config): Promise<ProcessSandbox[]> {
  const launchers = [
    ['recorder', recorderLauncher(config, [config.footageDir], silentLog)],
    ['vision', visionLauncher(silentLog)],
  ] as const
  return Promise.all(launchers.map(([name, launcher]) => measure(name, launcher, config)))
}

/** One line for people about each process. */
export function sandboxLines(
  sandbox: readonly ProcessSandbox[],
): { name: string; state: 'good' | 'note'; says: string }[] {
  return sandbox.map(({ process, layers, tried }) => {
    const words = (state: string) => layers.filter((layer) => layer.state === state).map(({ name }) => layerWords[name])
    const missing = layers.filter(({ state }) => state === 'missing')
    const why = missing.map(({ name, reason }) => `${layerWords[name]} (${reasonSentences[reason ?? 'not_offered']})`)
    const worked = tried.filter(({ refused }) => !refused).map(({ deed }) => deed)
    return {
      name: `sandbox of ${process}`,
      state: missing.length + worked.length > 0 ? 'note' : 'good',
      says: [
        `active: ${words('active').join(', ') || 'nothing'}`,
        ...(why.length > 0 ? [`not active: ${why.join('; ')}`] : []),
        ...(words('off').length > 0 ? [`not for this process: ${words('off').join(', ')}`] : []),
        ...(worked.length > 0 ? [`IT COULD: ${worked.join(', ')}`] : []),
      ].join('. '),
    }
  })
}

async function measure(name: 'recorder' | 'vision', launcher: Launcher, config: Config): Promise<ProcessSandbox> {
  const { child, channel, pid } = await launcher.start(join(import.meta.dirname, '../probe-main.ts'), [
    'ignore',
    'ignore',
    'ignore',
    'ipc',
  ])
  try {
    const heard = hear(channel, child)
    channel.send(deedsOf(config))
    const said = answer.parse(await heard)
    const [facts, own] = [await readFacts(await pid, config), await readProcessFacts('self', config.dataDir)]
    const tried = said.tried.filter(({ deed }) => name === 'vision' || !recorderMay.includes(deed))
    const layers = judgeLayers({ process: name, facts, own, ...said, tried, missing: launcher.missing })
    return { process: name, layers, tried }
  } catch {
    const layers = judgeLayers({
      process: name,
      facts: undefined,
      own: undefined,
      tried: [],
      hasNodePermissions: false,
      missing: {},
    })
    return { process: name, layers, tried: [] }
  } finally {
    channel.close()
  }
}

/** The next thing it says; undefined where it ends or stays silent. */
async function hear(channel: ChildChannel, child: ChildProcess): Promise<unknown> {
  const said = Promise.withResolvers<unknown>()
  channel.onMessage(said.resolve)
  const ended = once(child, 'exit', { signal: AbortSignal.timeout(answerLimitMs) }).then(
    () => undefined,
    () => undefined,
  )
  return await Promise.race([said.promise, ended])
}

const readFacts = async (pid: number | null, { dataDir }: Config) =>
  pid === null ? undefined : readProcessFacts(processWithin(pid), dataDir)
