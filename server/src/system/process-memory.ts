/** Memory of a process as the kernel counts it fairly (shared pages split among their users). */
import { readFile } from 'node:fs/promises'

/** Proportional set size in bytes; null where the system does not tell. */
export async function readPssBytes(pid: number): Promise<number | null> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '')
  const kB = /^Pss:\s+(\d+) kB/m.exec(text)?.[1]
  return kB === undefined ? null : Number(kB) * 1024
}

/** When a process started, in the kernel's ticks: with the process id it names one process for ever. */
export async function readStartTicks(pid: number): Promise<string | null> {
  // By its own name it may be read where nothing else of /proc may.
  const folder = pid === process.pid ? 'self' : String(pid)
  const text = await readFile(`/proc/${folder}/stat`, 'utf8').catch(() => '')
  // The name in brackets may hold spaces and brackets; fields count from the last one (proc(5): starttime is field 22).
  return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? null
}
