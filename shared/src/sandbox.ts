/** How far a process is held back by the system: what was measured, not what was asked for (docs/design/sandbox.md). */
import { z } from 'zod'

export const processName = z.enum(['control', 'recorder', 'vision'])
export type ProcessName = z.infer<typeof processName>

/** What each layer keeps from a process that was taken over stands in docs/design/sandbox.md. */
export const sandboxLayerName = z.enum([
  'user',
  'no_new_privileges',
  'capabilities',
  'processes',
  'network',
  'files',
  'system_calls',
  'node_permissions',
  'limits',
  'priority',
])
export type SandboxLayerName = z.infer<typeof sandboxLayerName>

/** Why a layer is not there; each has a sentence that says what to do (web: locales, command line: sandbox/sentences.ts). */
export const sandboxReason = z.enum([
  'no_bubblewrap',
  'no_util_linux',
  'no_user_namespaces',
  'runs_as_root',
  'foreign_folder',
  'set_by_service',
  'needs_it',
  'not_offered',
  'not_measured',
])
export type SandboxReason = z.infer<typeof sandboxReason>

export const sandboxLayer = z.strictObject({
  name: sandboxLayerName,
  /** off: not wanted for this process, which could not do its work under it. */
  state: z.enum(['active', 'missing', 'off']),
  reason: sandboxReason.nullable(),
  /** As the system gives it: `CapEff 0`, `net:[4026532245]`. */
  measured: z.string().max(300),
})
export type SandboxLayer = z.infer<typeof sandboxLayer>

/** What a process tried that it must not be able to do. */
export const triedDeed = z.strictObject({
  deed: z.enum(['read_key', 'read_database', 'reach_network', 'start_program', 'change_program', 'signal_parent']),
  refused: z.boolean(),
  /** The system's answer: `ERR_ACCESS_DENIED`, `ENETUNREACH`. */
  answer: z.string().max(100),
})
export type TriedDeed = z.infer<typeof triedDeed>

export const processSandbox = z.strictObject({
  process: processName,
  layers: z.array(sandboxLayer),
  tried: z.array(triedDeed),
})
export type ProcessSandbox = z.infer<typeof processSandbox>
