/** What a person could do for more layers: each reason once, with the layers that it costs. */
import type { ProcessSandbox, SandboxLayerName, SandboxReason } from '@vedette/shared/sandbox.ts'

export interface SandboxAdvice {
  readonly reason: SandboxReason
  readonly layers: readonly SandboxLayerName[]
}

export function adviceOf(sandbox: readonly ProcessSandbox[]): SandboxAdvice[] {
  const found = new Map<SandboxReason, Set<SandboxLayerName>>()
  for (const { layers } of sandbox)
    for (const { name, state, reason } of layers)
      if (state === 'missing' && reason !== null) found.set(reason, (found.get(reason) ?? new Set()).add(name))
  return [...found].map(([reason, layers]) => ({ reason, layers: [...layers] }))
}
