/** Finds out which of several launches works here, by starting Node with each until one answers. Costs some 20 ms each. */
import { spawn } from 'node:child_process'
import type { Writable } from 'node:stream'
import type { Launch } from './launch.ts'

const tryLimitMs = 5_000
/** For Node: it starts, and says so by its end. */
export const tryArguments = ['--permission', '--version'] as const

export interface ChosenLaunch extends Launch {
  /** What the launches before it said, for the log. */
  readonly refusals: readonly string[]
}

/** The first that works; the last one where none does. `filter` is what a boxed one gets on descriptor 6. */
export async function chooseLaunch(
  launches: readonly Launch[],
  node: string,
  environment: Readonly<Record<string, string>>,
  filter: Buffer | undefined,
): Promise<ChosenLaunch> {
  const refusals: string[] = []
  for (const launch of launches) {
    const refusal = await tryLaunch(launch, node, environment, filter)
    if (refusal === undefined) return { ...launch, refusals }
    refusals.push(refusal)
  }
  return { wrapper: [], isBoxed: false, missing: launches.at(-1)?.missing ?? {}, refusals }
}

/** Why it does not work; undefined: it does. */
function tryLaunch(
  { wrapper, isBoxed }: Launch,
  node: string,
  env: Readonly<Record<string, string>>,
  filter: Buffer | undefined,
): Promise<string | undefined> {
  const [program = node, ...args] = [...wrapper, node, ...tryArguments]
  return new Promise((resolve) => {
    let said = ''
    const extra = isBoxed ? (['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] as const) : []
    const child = spawn(program, args, {
      stdio: ['ignore', 'ignore', 'pipe', ...extra],
      env,
      timeout: tryLimitMs,
      detached: isBoxed, // A group of its own: what is left of a box is known by it (end-left-boxes.ts).
    })
    child.stderr?.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-500)
    })
    if (isBoxed) giveFilter(child.stdio.at(6), filter)
    child.on('error', (error) => resolve(error.message))
    child.on('close', (code, signal) => resolve(code === 0 ? undefined : `${said.trim()} (${signal ?? code})`))
  })
}

/** Writes the filter into the wrapper's descriptor 6 and closes it. */
export function giveFilter(pipe: unknown, filter: Buffer | undefined): void {
  if (!isWritable(pipe)) return
  pipe.on('error', () => {}) // The wrapper ended; its exit says why.
  pipe.end(filter)
}

function isWritable(pipe: unknown): pipe is Writable {
  return typeof pipe === 'object' && pipe !== null && 'end' in pipe
}
