/** The machine that figures come from: a figure without it says nothing. */
import { spawnSync } from 'node:child_process'
import { cpus, loadavg, release, totalmem } from 'node:os'

export function describeMachine(): string {
  const [cpu] = cpus()
  return [
    `${cpus().length} cores (${cpu?.model.trim() ?? 'unknown'})`,
    `${(totalmem() / 1e9).toFixed(0)} GB memory`,
    `Linux ${release()}`,
    `Node ${process.versions.node}`,
  ].join(', ')
}

/** Programs waiting for a core over the last minute; above the number of cores others were measured, too. */
export const readLoad = () => Number((loadavg()[0] ?? 0).toFixed(1))

export const readCommit = () =>
  spawnSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: import.meta.dirname, encoding: 'utf8' }).stdout.trim()

export const hasProgram = (name: string) => spawnSync('which', [name]).status === 0
