/**
 * From here on this process starts nothing but these command lines with this environment, whatever asks for it: for the recorder,
 * whose user could read the key by `cat`, though Node refuses it the file. Held where Node hands a start to the system, so that
 * no other way through its API leads around it; what JavaScript could change afterwards is not asked any more.
 * Not held: native code. Reaches for Node's handle, for which there is no public way; a test fails when a newer Node has another.
 */
import childProcess, { ChildProcess } from 'node:child_process'
import { syncBuiltinESMExports } from 'node:module'

export interface AllowedStarts {
  /** Program and arguments. */
  readonly lines: readonly (readonly string[])[]
  /** What may stand in the environment, as `NAME=value`. */
  readonly environment: readonly string[]
}

const forEver = { writable: false, configurable: false } as const
const otherWays = ['spawnSync', 'execSync', 'execFileSync'] as const

/** Cannot be taken back. Throws where Node has no such place. */
export function allowOnlyPrograms({ lines, environment }: AllowedStarts): void {
  const { apply } = Reflect
  const { defineProperty } = Object
  const { has } = Set.prototype
  const allowedLines = new Set(lines.map((line) => line.join('\0')))
  const allowedPairs = new Set(environment)
  const isAmong = (set: Set<string>, text: string): boolean => apply(has, set, [text])
  const refuse = () => {
    throw Object.assign(new Error('this process starts no such program'), { code: 'ERR_ACCESS_DENIED' })
  }
  /** Copies, so that what is looked at is what is started. */
  const copy = (list: unknown): string[] => {
    const out: string[] = []
    if (!Array.isArray(list)) return out
    for (let i = 0; i < list.length; i++) {
      const text: unknown = list[i]
      if (typeof text !== 'string') return refuse()
      defineProperty(out, i, { value: text, enumerable: true, configurable: true, writable: true })
    }
    return out
  }
  const handle: unknown = Reflect.get(new ChildProcess(), '_handle')
  const prototype: unknown = typeof handle === 'object' && handle !== null ? Object.getPrototypeOf(handle) : undefined
  const start: unknown = typeof prototype === 'object' && prototype !== null && Reflect.get(prototype, 'spawn')
  if (typeof start !== 'function' || typeof prototype !== 'object' || prototype === null)
    throw new Error('this Node starts programs in another way')
  defineProperty(prototype, 'spawn', {
    // file, arguments, folder, environment, descriptors, flags (1: detached), user, group: of the last two and the folder none.
    value(this: unknown, file: unknown, argv: unknown, _cwd: unknown, pairs: unknown, stdio: unknown, flags: unknown) {
      const [args, envPairs] = [copy(argv), copy(pairs)]
      if (typeof file !== 'string') return refuse()
      let line = file
      for (let i = 1; i < args.length; i++) line += `\0${args[i]}`
      if (!isAmong(allowedLines, line)) return refuse()
      for (let i = 0; i < envPairs.length; i++) if (!isAmong(allowedPairs, `${envPairs[i]}`)) return refuse()
      return apply(start, this, [file, args, undefined, envPairs, stdio, flags === 1 ? 1 : 0, undefined, undefined])
    },
    ...forEver,
  })
  for (const name of otherWays) defineProperty(childProcess, name, { value: refuse, ...forEver })
  defineProperty(process, 'execve', { value: refuse, ...forEver })
  syncBuiltinESMExports()
}
