/** What the kernel counts of a process: memory, fairly (shared pages split among their users), computing time, its start. */
import { readFile } from 'node:fs/promises'
import { uptime } from 'node:os'

/** Proportional set size in bytes; null where the system does not tell. */
export async function readPssBytes(pid: number): Promise<number | null> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '')
  const kB = /^Pss:\s+(\d+) kB/m.exec(text)?.[1]
  return kB === undefined ? null : Number(kB) * 1024
}

/**
 * When a process started, in the kernel's ticks: with the process id it names one process for ever. Null where there is none,
 * or only its name is left: in a container whose first process does not collect the dead, they stay for ever.
 */
export async function readStartTicks(pid: number): Promise<string | null> {
  const fields = await readStat(pid)
  return deadStates.includes(fields[stateField] ?? '') ? null : (fields[startTimeField] ?? null)
}

const [stateField, userTimeField, systemTimeField, startTimeField] = [0, 11, 12, 19]
const deadStates = ['Z', 'X']
/** sysconf(_SC_CLK_TCK): 100 a second on every Linux that Vedette runs on. */
const tickMs = 10

/** Computing time of all its threads, and when it started; nulls where there is no such process. */
export async function readProcessTimes(
  pid: number,
  nowMs: number,
): Promise<{ cpuMs: number | null; startedMs: number | null }> {
  const fields = await readStat(pid)
  const startTicks = fields[startTimeField]
  if (startTicks === undefined) return { cpuMs: null, startedMs: null }
  return {
    cpuMs: (Number(fields[userTimeField]) + Number(fields[systemTimeField])) * tickMs,
    startedMs: Math.round(nowMs - uptime() * 1000 + Number(startTicks) * tickMs),
  }
}

/** /proc/<pid>/stat from its third field on; empty where there is no such process. */
async function readStat(pid: number): Promise<string[]> {
  // By its own name it may be read where nothing else of /proc may.
  const folder = pid === process.pid ? 'self' : String(pid)
  const text = await readFile(`/proc/${folder}/stat`, 'utf8').catch(() => '')
  // The name in brackets may hold spaces and brackets; fields count from the last one (proc(5): starttime is field 22).
  return text === '' ? [] : text.slice(text.lastIndexOf(')') + 2).split(' ')
}

/** Names this boot of the system: start ticks count from it. Undefined where the system does not tell. */
export async function readBootId(): Promise<string | undefined> {
  const text = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '')
  return text.trim() || undefined
}
