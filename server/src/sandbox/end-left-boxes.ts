/**
 * Ends boxes that nobody owns any more. bubblewrap's first half ends with its parent. Its second half waits for a word of the first
 * before it binds its own life to anything: where a recorder is killed in the moment of starting vision, it waits for ever.
 * Seen with bubblewrap 0.11: one in 25 kills within 60 ms after the start.
 */
import { readdir, readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { boxName } from './launch.ts'

/** Process ids of what was ended. A box that is just being started has its starter, and a group with a leader. */
export async function endLeftBoxes(): Promise<number[]> {
  const ended: number[] = []
  for (const name of await readdir('/proc').catch(() => []))
    if (/^\d+$/.test(name) && (await isLeftBox(name)) && kill(Number(name))) ended.push(Number(name))
  return ended
}

async function isLeftBox(pid: string): Promise<boolean> {
  const words = (await read(`/proc/${pid}/cmdline`)).split('\0')
  if (basename(words[0] ?? '') !== 'bwrap' || words[words.indexOf('--hostname') + 1] !== boxName) return false
  const stat = await read(`/proc/${pid}/stat`)
  const group = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2] ?? ''
  // The kernel gives the number of a group to nobody else while somebody is in it.
  return group !== '' && group !== pid && (await read(`/proc/${group}/stat`)) === ''
}

/** False: it ended by itself, or is another user's. */
function kill(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL')
  } catch {
    return false
  }
}

const read = (path: string) => readFile(path, 'utf8').catch(() => '')
