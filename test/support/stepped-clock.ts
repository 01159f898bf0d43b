/**
 * Sets the wall clock of a Vedette under test while it runs, and leaves the machine's alone: each of its processes loads
 * a few lines that add the number in a file to Date.now(). They reach the recorder and vision, which get no environment
 * of ours, by a wrapper in place of Node.
 */
import { chmodSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface SteppedClock {
  /** For RunningVedette. */
  readonly environment: Readonly<Record<string, string>>
  /** From now on the wall clock is off by this. */
  set(offsetMs: number): void
  close(): void
}

export function openSteppedClock(): SteppedClock {
  const folder = mkdtempSync(join(tmpdir(), 'vedette-clock-'))
  const [offset, preload, wrapper] = ['offset', 'preload.mjs', 'node'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ]
  const set = (offsetMs: number) => {
    writeFileSync(`${offset}.new`, String(offsetMs))
    renameSync(`${offset}.new`, offset) // At once: nobody reads half a number.
  }
  set(0)
  writeFileSync(preload, preloadText(offset, wrapper))
  writeFileSync(wrapper, wrapperText(preload, folder))
  chmodSync(wrapper, 0o700)
  return {
    environment: { NODE_OPTIONS: `--import=file://${preload}` },
    set,
    close: () => rmSync(folder, { recursive: true }),
  }
}

/** Node's permissions, where they are asked for, have to reach to our few lines. */
const wrapperText = (preload: string, folder: string) => `#!/bin/sh
case " $* " in *' --permission '*) set -- '--allow-fs-read=${folder}/*' "$@" ;; esac
exec '${process.execPath}' --import 'file://${preload}' "$@"
`

const preloadText = (offset: string, wrapper: string) => `
import { readFileSync } from 'node:fs'
const now = Date.now
let readAtMs = Number.NEGATIVE_INFINITY
let offsetMs = 0
Date.now = () => {
  if (performance.now() - readAtMs > 5) {
    readAtMs = performance.now()
    offsetMs = Number(readFileSync('${offset}', 'utf8'))
  }
  return now() + offsetMs
}
process.execPath = '${wrapper}'
delete process.env.NODE_OPTIONS
`
