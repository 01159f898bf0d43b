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
  const [state, , group = ''] = await readStat(pid)
  // The kernel gives the number of a group to nobody else while somebody is in it.
  return isThere(state) && group !== '' && group !== pid && !isThere((await readStat(group))[0])
}

/** proc(5), from the third field on: state, parent, group; empty where there is no such process. */
async function readStat(pid: string): Promise<string[]> {
  const text = await read(`/proc/${pid}/stat`)
  return text === '' ? [] : text.slice(text.lastIndexOf(')') + 2).split(' ')
}

/** One that ended and that its parent does not collect is gone: in a container it may stay so for ever. */
const isThere = (state: string | undefined) => state !== undefined && state !== 'Z' && state !== 'X'

/** False: it ended by itself, or is another user's. */
function kill(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL')
  } catch {
    return false
  }
}

const read = (path: string) => readFile(path, 'utf8').catch(() => '')
