import { describe, expect, test } from 'vitest'
import { resolveChecked } from './resolve-checked.ts'

const policy = { purpose: 'camera', allowLoopback: false } as const
const answering = (...addresses: string[]) => ({ lookup: async () => addresses, ownAddresses: [] })

describe('R15 resolving', () => {
  test('gives every checked address of a name', async () => {
    const found = await resolveChecked('yard.lan', policy, answering('192.168.1.9', 'fd00::9'))
    expect(found).toEqual([
      { address: '192.168.1.9', family: 4 },
      { address: 'fd00::9', family: 6 },
    ])
  })

  test('refuses a name when only one of its addresses is refused', async () => {
    const asked = resolveChecked('yard.lan', policy, answering('192.168.1.9', '127.0.0.1'))
    await expect(asked).rejects.toMatchObject({ code: 'address_refused' })
  })

  test.each(['127.0.0.1', '::1', '0x7f.1', '2130706433', '0177.1', 'localhost'])(
    'refuses %s by the real resolver',
    async (host) => {
      const failed = await resolveChecked(host, policy).catch((error: unknown) => error)
      expect(failed).toMatchObject({ name: 'AppError' })
      expect(['address_refused', 'camera_unreachable']).toContain(Reflect.get(Object(failed), 'code'))
    },
  )

  test.each(['', 'a b', 'host/path', 'a\r\nb', '-x', 'a'.repeat(254)])('never asks about %j', async (host) => {
    const asked = resolveChecked(host, policy, { lookup: () => Promise.reject(new Error('asked')), ownAddresses: [] })
    await expect(asked).rejects.toMatchObject({ code: 'address_refused' })
  })

  test('calls an unknown name unreachable, and an empty answer too', async () => {
    const unknown = resolveChecked('yard.lan', policy, { lookup: () => Promise.reject(new Error('ENOTFOUND')) })
    await expect(unknown).rejects.toMatchObject({ code: 'camera_unreachable' })
    await expect(resolveChecked('yard.lan', policy, answering())).rejects.toMatchObject({ code: 'camera_unreachable' })
  })

  test('stops waiting for a silent resolver when told to', async () => {
    const stop = new AbortController()
    const asked = resolveChecked('yard.lan', policy, { lookup: () => new Promise(() => {}), signal: stop.signal })
    stop.abort(new Error('enough'))
    await expect(asked).rejects.toThrow('enough')
  })
})
