/** Small disks of a test's own: tmpfs, and ext4 in a file through a loop device. Both need root; `whyNoMounts` says so. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Mount {
  readonly path: string
  /** Moves the disk to another folder, as if this one had been unplugged; `back` puts it in again. */
  pull(): { back(): void }
  close(): void
}

/** Undefined: mounting works here. Else a sentence for the test's name. */
export function whyNoMounts(kind: 'tmpfs' | 'ext4'): string | undefined {
  if (process.platform !== 'linux') return 'only Linux can mount'
  if (process.getuid?.() !== 0) return 'mounting needs root'
  try {
    if (kind === 'tmpfs') mountTmpfs(1).close()
    else run('losetup', '-f')
    return undefined
  } catch (error) {
    return `mounting ${kind} does not work here: ${error instanceof Error ? error.message.split('\n')[0] : ''}`
  }
}

export function mountTmpfs(megabytes: number): Mount {
  const path = emptyFolder()
  run('mount', '-t', 'tmpfs', '-o', `size=${megabytes}m,mode=700`, 'vedette-test', path)
  return mounted(path)
}

/** Makes the file system in `image`; the file holds exactly what reached the disk. */
export function makeImage(image: string, megabytes: number): void {
  run('truncate', '-s', `${megabytes}M`, image)
  run('mkfs.ext4', '-q', '-F', image)
}

export function mountImage(image: string): Mount {
  const path = emptyFolder()
  run('mount', '-o', 'loop', image, path)
  return mounted(path)
}

const emptyFolder = () => mkdtempSync(join(tmpdir(), 'vedette-mount-'))

function mounted(path: string): Mount {
  let at = path
  return {
    path,
    pull() {
      at = `${path}.pulled`
      mkdirSync(at)
      run('mount', '--make-private', path)
      run('mount', '--move', path, at)
      return {
        back() {
          run('mount', '--move', at, path)
          rmdirSync(at)
          at = path
        },
      }
    },
    close() {
      run('umount', '-l', at)
      rmSync(path, { recursive: true, force: true })
      rmSync(at, { recursive: true, force: true })
    },
  }
}

function run(program: string, ...args: string[]): void {
  execFileSync(program, args, { stdio: 'pipe' })
}
