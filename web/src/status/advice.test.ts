import { expect, test } from 'vitest'
import { adviceOf } from './advice.ts'

const layer = (
  name: 'files' | 'user' | 'network',
  state: 'active' | 'missing' | 'off',
  reason: 'no_bubblewrap' | 'runs_as_root' | 'needs_it' | null,
) => ({
  name,
  state,
  reason,
  measured: '',
})

test('tells each reason once, with all layers that it costs, and nothing of what is off or active', () => {
  const advice = adviceOf([
    {
      process: 'control',
      tried: [],
      layers: [layer('user', 'missing', 'runs_as_root'), layer('network', 'off', 'needs_it')],
    },
    {
      process: 'vision',
      tried: [],
      layers: [
        layer('user', 'missing', 'runs_as_root'),
        layer('files', 'missing', 'no_bubblewrap'),
        layer('network', 'active', null),
      ],
    },
  ])
  expect(advice).toEqual([
    { reason: 'runs_as_root', layers: ['user'] },
    { reason: 'no_bubblewrap', layers: ['files'] },
  ])
})
