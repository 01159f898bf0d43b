import { beforeEach, expect, test, vi } from 'vitest'
import { readStoredDraft, storeDraft, withoutSecrets } from './stored-draft.ts'

const items = new Map<string, string>()
beforeEach(() => {
  items.clear()
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
    removeItem: (key: string) => void items.delete(key),
  })
})

test('a draft is found again by the same account only, until it is empty', () => {
  storeDraft('anna', 'yard', { name: 'Garden', preRollMs: 9000 })
  expect(readStoredDraft('anna', 'yard')).toEqual({ name: 'Garden', preRollMs: 9000 })
  expect(readStoredDraft('bert', 'yard')).toEqual({})
  expect(readStoredDraft('anna', 'door')).toEqual({})
  storeDraft('anna', 'yard', {})
  expect(items.size).toBe(0)
})

test('R22 no secret is stored: neither the password nor one in a pasted address', () => {
  const address = 'rtsp://admin:geheim@10.0.0.7/main'
  storeDraft('anna', 'yard', { password: 'geheim', address, subAddress: address, username: 'admin' })
  expect([...items.values()].join()).not.toContain('geheim')
  expect(readStoredDraft('anna', 'yard')).toEqual({
    address: 'rtsp://10.0.0.7/main',
    subAddress: 'rtsp://10.0.0.7/main',
    username: 'admin',
  })
  expect(withoutSecrets({ password: 'geheim' })).toEqual({})
})

test('what is no draft is none', () => {
  items.set('draft anna camera yard', '{"name": 7, "unknown": true}')
  expect(readStoredDraft('anna', 'yard')).toEqual({})
  items.set('draft anna camera yard', 'not JSON')
  expect(readStoredDraft('anna', 'yard')).toEqual({})
})
