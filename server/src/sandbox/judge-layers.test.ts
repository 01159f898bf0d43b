import { expect, test } from 'vitest'
import { judgeLayers, type Measured } from './judge-layers.ts'
import type { ProcessFacts } from './process-facts.ts'

const own: ProcessFacts = {
  uid: 0,
  effectiveCapabilities: '000001ffffffffff',
  permittedCapabilities: '000001ffffffffff',
  noNewPrivileges: false,
  seccompMode: 0,
  namespaces: { user: 'user:[1]', pid: 'pid:[2]', net: 'net:[3]', mnt: 'mnt:[4]' },
  coreLimit: 'unlimited',
  dataLimit: 'unlimited',
  fileLimit: '1024',
  threadLimit: '100',
  oomScore: 0,
  seesDataFolder: true,
}
const held: ProcessFacts = {
  uid: 999,
  effectiveCapabilities: '0000000000000000',
  permittedCapabilities: '0000000000000000',
  noNewPrivileges: true,
  seccompMode: 2,
  namespaces: { user: 'user:[11]', pid: 'pid:[12]', net: 'net:[13]', mnt: 'mnt:[14]' },
  coreLimit: '0',
  dataLimit: '1000',
  fileLimit: '256',
  threadLimit: '64',
  oomScore: 800,
  seesDataFolder: false,
}
const refused = (deed: 'read_key' | 'reach_network') => ({ deed, refused: true, answer: 'EPERM' })
const vision: Measured = {
  process: 'vision',
  facts: held,
  own,
  tried: [refused('read_key'), refused('reach_network')],
  hasNodePermissions: true,
  missing: {},
}
const stateOf = (measured: Measured, name: string) => judgeLayers(measured).find((layer) => layer.name === name)

test('R26 a layer is active when it was measured', () => {
  expect(new Set(judgeLayers(vision).map(({ state }) => state))).toEqual(new Set(['active']))
})

test('R26 a network of its own counts only when the attempt to leave it failed, too', () => {
  const tried = [refused('read_key'), { deed: 'reach_network' as const, refused: false, answer: 'there is a route' }]
  expect(stateOf({ ...vision, tried }, 'network')?.state).toBe('missing')
  expect(stateOf({ ...vision, tried: [] }, 'network')?.state).toBe('missing')
  const shared = { ...held, namespaces: { ...held.namespaces, net: 'net:[3]' } }
  expect(stateOf({ ...vision, facts: shared }, 'network')?.state).toBe('missing')
})

test('R26 permissions of Node count only when the key was refused', () => {
  const tried = [{ deed: 'read_key' as const, refused: false, answer: 'it worked' }]
  expect(stateOf({ ...vision, tried }, 'node_permissions')?.state).toBe('missing')
})

test('R26 what could not be measured is not active, and says so', () => {
  const layers = judgeLayers({ ...vision, facts: undefined })
  expect(layers.filter(({ state }) => state === 'active').map(({ name }) => name)).toEqual(['node_permissions'])
  expect(layers.find(({ name }) => name === 'files')?.reason).toBe('not_measured')
})

test('R26 what a launch goes without gives the reason', () => {
  const facts = { ...held, seccompMode: 0 }
  expect(stateOf({ ...vision, facts, missing: { system_calls: 'no_bubblewrap' } }, 'system_calls')).toMatchObject({
    state: 'missing',
    reason: 'no_bubblewrap',
  })
  expect(stateOf({ ...vision, process: 'recorder', facts: own }, 'network')).toMatchObject({
    state: 'off',
    reason: 'needs_it',
  })
})
