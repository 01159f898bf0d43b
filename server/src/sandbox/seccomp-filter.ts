/**
 * A filter of system calls as the kernel reads it (classic BPF, seccomp(2)), for bubblewrap to load: no native code of ours.
 * What is refused answers EPERM, a foreign architecture's call ends the process. Everything else is allowed: Node and FFmpeg use
 * other calls on each kernel and libc, and a list of all of them would break with the next one.
 */
import { clone3Call, cloneCall, outliveParent, prctlCall, refusedCalls } from './system-calls.data.ts'

const architectures = { x64: { audit: 0xc000003e, column: 0 }, arm64: { audit: 0xc00000b7, column: 1 } } as const

const load = 0x20
const jumpEqual = 0x15
const jumpAtLeast = 0x35
const jumpBits = 0x45
const give = 0x06

const killProcess = 0x80000000
const allow = 0x7fff0000
const refuse = (errno: number) => 0x00050000 | errno
const [eperm, enosys] = [1, 38]

/** Offsets in struct seccomp_data. */
const [numberAt, archAt, firstArgumentAt] = [0, 4, 16]
const threadFlag = 0x00010000
const x32Bit = 0x40000000

type Instruction = readonly [code: number, jumpTrue: number, jumpFalse: number, k: number]

/** Undefined on an architecture whose numbers are not known here. */
export function seccompFilter(arch: string): Buffer | undefined {
  if (arch !== 'x64' && arch !== 'arm64') return undefined
  const { audit, column } = architectures[arch]
  const program: Instruction[] = [
    [load, 0, 0, archAt],
    [jumpEqual, 1, 0, audit],
    [give, 0, 0, killProcess],
    [load, 0, 0, numberAt],
  ]
  const answer = (call: number, with_: number) => program.push([jumpEqual, 0, 1, call], [give, 0, 0, with_])
  if (arch === 'x64') program.push([jumpAtLeast, 0, 1, x32Bit], [give, 0, 0, killProcess])
  for (const numbers of Object.values(refusedCalls)) {
    const call = numbers[column]
    if (call !== null) answer(call, refuse(eperm))
  }
  answer(clone3Call, refuse(enosys))
  program.push(
    [jumpEqual, 0, 3, prctlCall[column]],
    [load, 0, 0, firstArgumentAt],
    [jumpEqual, 0, 1, outliveParent],
    [give, 0, 0, refuse(eperm)],
    [load, 0, 0, numberAt],
    [jumpEqual, 0, 4, cloneCall[column]],
    [load, 0, 0, firstArgumentAt],
    [jumpBits, 1, 0, threadFlag],
    [give, 0, 0, refuse(eperm)],
    [give, 0, 0, allow],
    [give, 0, 0, allow],
  )
  const bytes = Buffer.alloc(program.length * 8)
  for (const [index, [code, jumpTrue, jumpFalse, k]] of program.entries()) {
    bytes.writeUInt16LE(code, index * 8)
    bytes.writeUInt8(jumpTrue, index * 8 + 2)
    bytes.writeUInt8(jumpFalse, index * 8 + 3)
    bytes.writeUInt32LE(k >>> 0, index * 8 + 4)
  }
  return bytes
}
