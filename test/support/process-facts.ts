/** A process and all below it, as /proc shows them. */
import { readdirSync, readFileSync } from 'node:fs'

/** Ids of the process and of whoever descends from it. */
export function processTree(root: number): number[] {
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc').filter((one) => /^\d+$/.test(one))) {
    const stat = readProc(Number(name), 'stat').toString('latin1')
    parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]))
  }
  const found = [root]
  for (const pid of found) for (const [child, parent] of parents) if (parent === pid) found.push(child)
  return found
}

/** Empty where the process has ended. */
export function readProc(pid: number, file: 'cmdline' | 'environ' | 'stat'): Buffer {
  try {
    return readFileSync(`/proc/${pid}/${file}`)
  } catch {
    return Buffer.alloc(0)
  }
}
