/** What a process and all its descendants use, as the kernel counts it: CPU seconds and proportional memory. */
import { readdirSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'

const ticksPerS = 100 // sysconf(_SC_CLK_TCK) on every Linux that Vedette runs on.

export interface ProcessUsage {
  readonly pid: number
  /** The program's name; for Node the script's: main, recorder-main, vision-main. */
  readonly name: string
  readonly cpuS: number
  readonly pssBytes: number
}

interface ProcessFacts {
  readonly parent: number
  readonly ticks: number
}

/** CPU seconds so far (ended and reaped children included) and PSS now, of `roots` and everything below them. */
export function readUsage(roots: readonly number[]): ProcessUsage[] {
  const all = readProcesses()
  return descendants(all, roots).map((pid) => ({
    pid,
    name: readName(pid),
    cpuS: (all.get(pid)?.ticks ?? 0) / ticksPerS,
    pssBytes: readPss(pid),
  }))
}

export function sumUsage(usage: readonly ProcessUsage[], pick: 'cpuS' | 'pssBytes', name?: string): number {
  return usage.reduce((sum, one) => sum + (name === undefined || one.name === name ? one[pick] : 0), 0)
}

/** Process ids of `roots` and everything below them. */
export function descendants(all: ReadonlyMap<number, ProcessFacts>, roots: readonly number[]): number[] {
  const found = roots.filter((pid) => all.has(pid))
  for (const pid of found)
    for (const [child, facts] of all) if (facts.parent === pid && !found.includes(child)) found.push(child)
  return found
}

/** All that run; not those that ended and were not collected by their parent. */
export function readProcesses(): Map<number, ProcessFacts> {
  const all = new Map<number, ProcessFacts>()
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const text = readText(`/proc/${name}/stat`)
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    const number = (index: number) => Number(fields[index] ?? 0)
    // One that ended and is not collected yet is none any more.
    if (fields[0] === 'Z' || fields[0] === 'X') continue
    // proc(5): 4 ppid, 14 utime, 15 stime, 16 cutime, 17 cstime; the slice begins at field 3.
    if (fields.length > 15)
      all.set(Number(name), { parent: number(1), ticks: number(11) + number(12) + number(13) + number(14) })
  }
  return all
}

function readName(pid: number): string {
  const words = readText(`/proc/${pid}/cmdline`).split('\0')
  return basename(words.find((word) => word.endsWith('.ts')) ?? words[0] ?? '').replace(/\.ts$/, '')
}

function readPss(pid: number): number {
  return Number(/^Pss:\s+(\d+) kB/m.exec(readText(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0) * 1024
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return '' // The process ended meanwhile.
  }
}
