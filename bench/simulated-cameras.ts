/** Simulated cameras in a process of their own, so that what they cost is not counted as ours. */
import { type ChildProcess, spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { z } from 'zod'

const started = z.object({
  control: z.string(),
  cameras: z.array(z.object({ name: z.string(), main: z.string(), sub: z.string().nullable() })),
})

export interface SimulatedCameras extends z.infer<typeof started> {
  readonly process: ChildProcess
  close(): Promise<void>
}

/** 1920×1080 at 25 frames and 4 Mbit/s with a 640×360 sub stream at 10 frames, unless `args` say otherwise. */
export async function openSimulatedCameras(
  count: number,
  args: readonly string[] = ['--hd', '--alike'],
): Promise<SimulatedCameras> {
  const child = spawn(
    process.execPath,
    [resolve(import.meta.dirname, '../test/cameras/main.ts'), '--count', String(count), '--with-parent', ...args],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  )
  const line = await new Promise<string>((resolveLine, reject) => {
    createInterface({ input: child.stdout }).once('line', resolveLine)
    child.once('exit', (code) => reject(new Error(`the simulated cameras ended with ${code}`)))
  })
  return {
    ...started.parse(JSON.parse(line)),
    process: child,
    close: async () => {
      const gone = new Promise<void>((resolveGone) => child.once('exit', () => resolveGone()))
      child.kill('SIGTERM')
      await gone
    },
  }
}
