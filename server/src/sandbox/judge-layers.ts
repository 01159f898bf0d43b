/**
 * Which layers hold a process, from what was measured (pure). What a launch asked for counts only as the reason why something
 * is missing; what is not measured is not active.
 */
import type { ProcessName, SandboxLayer, SandboxLayerName, SandboxReason, TriedDeed } from '@vedette/shared/sandbox.ts'
import type { MissingLayers } from './launch.ts'
import type { NamespaceName, ProcessFacts } from './process-facts.ts'

export interface Measured {
  readonly process: ProcessName
  /** Undefined: the process could not be looked at. */
  readonly facts: ProcessFacts | undefined
  /** Control's own, to compare. */
  readonly own: ProcessFacts | undefined
  readonly tried: readonly TriedDeed[]
  /** Whether Node's permission model is on, as the process says. */
  readonly hasNodePermissions: boolean
  readonly missing: MissingLayers
}

/** What a process cannot do its work under. */
const needed: Readonly<Record<ProcessName, readonly SandboxLayerName[]>> = {
  control: ['processes', 'network', 'files', 'system_calls', 'node_permissions', 'priority', 'limits'],
  recorder: ['network', 'files', 'system_calls', 'priority'],
  vision: [],
}

export function judgeLayers(measured: Measured): SandboxLayer[] {
  const { facts, own, process, missing } = measured
  const layer = (
    name: SandboxLayerName,
    isActive: boolean,
    text: string,
    reason: SandboxReason = missing[name] ?? 'not_offered',
  ): SandboxLayer => {
    if (isActive) return { name, state: 'active', reason: null, measured: text }
    if (needed[process].includes(name)) return { name, state: 'off', reason: 'needs_it', measured: text }
    return { name, state: 'missing', reason: facts ? reason : 'not_measured', measured: text }
  }
  const isOwn = (name: NamespaceName) =>
    facts?.namespaces[name] !== undefined && own?.namespaces[name] !== undefined
      ? facts.namespaces[name] !== own.namespaces[name]
      : false
  const namespace = (name: NamespaceName) => facts?.namespaces[name] ?? ''
  const answer = (deed: TriedDeed['deed']) => measured.tried.find((tried) => tried.deed === deed)
  const noRights = /^0+$/.test(facts?.effectiveCapabilities ?? '') && /^0+$/.test(facts?.permittedCapabilities ?? '')
  const route = answer('reach_network')
  const keyAnswer = answer('read_key')
  return [
    layer('user', (facts?.uid ?? 0) !== 0, `uid ${facts?.uid ?? '?'}`, 'runs_as_root'),
    layer(
      'no_new_privileges',
      facts?.noNewPrivileges === true,
      `NoNewPrivs ${facts?.noNewPrivileges ? 1 : 0}`,
      missing.no_new_privileges ?? (process === 'control' ? 'set_by_service' : 'not_offered'),
    ),
    layer(
      'capabilities',
      noRights,
      `CapEff ${facts?.effectiveCapabilities ?? '?'}`,
      missing.capabilities ?? (process === 'control' ? 'runs_as_root' : 'not_offered'),
    ),
    layer(
      'processes',
      isOwn('user') && (process !== 'vision' || isOwn('pid')) && answer('signal_parent')?.refused !== false,
      [namespace('user'), isOwn('pid') ? namespace('pid') : '', answer('signal_parent')?.answer ?? ''].join(' ').trim(),
    ),
    layer('network', isOwn('net') && route?.refused === true, [namespace('net'), route?.answer ?? ''].join(' ').trim()),
    layer(
      'files',
      isOwn('mnt') && facts?.seesDataFolder === false,
      [namespace('mnt'), keyAnswer?.answer ?? ''].join(' ').trim(),
    ),
    layer('system_calls', facts?.seccompMode === 2, `Seccomp ${facts?.seccompMode ?? '?'}`),
    layer(
      'node_permissions',
      measured.hasNodePermissions && keyAnswer?.refused !== false,
      measured.tried
        .map((tried) => `${tried.deed} ${tried.answer}`)
        .join(', ')
        .slice(0, 300),
    ),
    layer(
      'limits',
      facts?.coreLimit === '0' && facts.dataLimit !== 'unlimited',
      `core ${facts?.coreLimit ?? '?'}, data ${facts?.dataLimit ?? '?'}, files ${facts?.fileLimit ?? '?'}, threads ${facts?.threadLimit ?? '?'}`,
    ),
    layer('priority', (facts?.oomScore ?? 0) > 0, `oom_score_adj ${facts?.oomScore ?? '?'}`),
  ]
}
