/** A report of the system as the status page gets it: one layer missing, one process failed, so that every state is seen. */
import type { SandboxLayer, SandboxLayerName } from '@vedette/shared/sandbox.ts'
import { sandboxLayerName } from '@vedette/shared/sandbox.ts'
import type { SystemReport } from '@vedette/shared/system.ts'
import { fakeId } from './fake-house.ts'

const nowMs = 1_795_000_000_000

function layers(missing: readonly SandboxLayerName[], off: readonly SandboxLayerName[]): SandboxLayer[] {
  return sandboxLayerName.options.map((name) => {
    if (missing.includes(name)) return { name, state: 'missing', reason: 'no_bubblewrap', measured: 'Seccomp 0' }
    if (off.includes(name)) return { name, state: 'off', reason: 'needs_it', measured: 'net:[4026531833]' }
    return { name, state: 'active', reason: null, measured: 'CapEff 0000000000000000' }
  })
}

export const fakeReport: SystemReport = {
  version: '0.1.0',
  startedMs: nowMs - 3_600_000,
  nowMs,
  machine: { node: 'v24.21.0', system: 'Linux 6.12.0, x64', cores: 4, memoryBytes: 8e9, freeMemoryBytes: 3e9 },
  processes: [
    {
      name: 'control',
      pid: 812,
      state: 'running',
      restarts: 0,
      startedMs: nowMs - 3_600_000,
      pssBytes: 1.1e8,
      cpuMs: 90_000,
    },
    {
      name: 'recorder',
      pid: 830,
      state: 'running',
      restarts: 1,
      startedMs: nowMs - 60_000,
      pssBytes: 9e7,
      cpuMs: 4_000,
    },
    { name: 'vision', pid: null, state: 'failed', restarts: 7, startedMs: null, pssBytes: null, cpuMs: null },
  ],
  sandbox: [
    { process: 'control', layers: layers([], ['network', 'files', 'system_calls', 'priority']), tried: [] },
    {
      process: 'recorder',
      layers: layers([], ['network', 'priority']),
      tried: [{ deed: 'read_key', refused: true, answer: 'ERR_ACCESS_DENIED' }],
    },
    {
      process: 'vision',
      layers: layers(['files', 'system_calls'], []),
      tried: [{ deed: 'reach_network', refused: false, answer: 'there is a route' }],
    },
  ],
  givenUp: [{ cameraId: fakeId(2), name: 'Garage' }],
  problems: ['The disk of the footage is full. Make room, or shorten how long footage is kept.'],
  database: { kind: 'sqlite', version: 'SQLite 3.54.1', sizeBytes: 12_400_000 },
  volumes: [{ name: 'Footage', state: 'full', totalBytes: 2e12, freeBytes: 1e10, problem: 'The disk is full.' }],
  clocks: [{ cameraId: fakeId(1), name: 'Front door', offsetMs: -93_000 }],
}
