/**
 * Makes a small picture of our own out of one that a user sent, in a process that lives for this one picture
 * (picture-main.ts), held back like vision: what a decoder can be made to do ends with it. Ten seconds, 400 MB and 200 kB of answer at most.
 */
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pictureLauncher } from './child-launchers.ts'
import { AppError } from './lib/app-error.ts'
import { silentLog } from './lib/log.ts'
import { processWithin } from './sandbox/process-facts.ts'

const limitMs = 10_000
const limitBytes = 400_000_000
const maxAnswerBytes = 200_000
const lookEveryMs = 50
const pageBytes = 4096

/** Throws bad_request where it cannot be read. `program` and `launcher` are others only in tests. */
export async function shrinkPicture(
  jpeg: Uint8Array,
  program = join(import.meta.dirname, 'picture-main.ts'),
  launcher = pictureLauncher(silentLog),
): Promise<Buffer> {
  const { child, pid } = await launcher.start(program, ['pipe', 'pipe', 'ignore', 'ipc'])
  const { stdin, stdout } = child
  if (!stdin || !stdout) throw new Error('a child without pipes')
  // What stands around it takes it along.
  const kill = () => child.kill('SIGKILL')
  const timer = setTimeout(kill, limitMs)
  const watch = setInterval(() => void killSwollen(pid, kill), lookEveryMs)
  try {
    const ended = once(child, 'exit')
    // A child that dies early closes the pipe: its exit says so.
    stdin.on('error', () => {})
    stdin.end(jpeg)
    const chunks: Buffer[] = []
    let size = 0
    for await (const chunk of stdout) {
      size += chunk.length
      if (size > maxAnswerBytes) kill()
      else chunks.push(chunk)
    }
    const [code] = await ended
    if (code !== 0 || size === 0 || size > maxAnswerBytes)
      throw new AppError('bad_request', 'This picture cannot be read. Give another one, as JPEG.', { field: 'jpeg' })
    return Buffer.concat(chunks)
  } finally {
    clearTimeout(timer)
    clearInterval(watch)
    kill()
  }
}

async function killSwollen(pid: Promise<number | null>, kill: () => void): Promise<void> {
  const text = await readFile(`/proc/${processWithin((await pid) ?? 0)}/statm`, 'utf8').catch(() => '')
  if (Number(text.split(' ')[1] ?? 0) * pageBytes > limitBytes) kill()
}
