import { mkdtempSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openKeyFile, seal, unseal } from './seal.ts'

const folder = mkdtempSync(join(tmpdir(), 'vedette-key-'))

test('R21 a sealed secret opens only with its key and in its place', () => {
  const key = openKeyFile(join(folder, 'key'))
  const sealed = seal(key, 'camera.password.A', 'hunter2')
  expect(sealed).not.toContain('hunter2')
  expect(unseal(key, 'camera.password.A', sealed)).toBe('hunter2')
  expect(() => unseal(key, 'camera.password.B', sealed)).toThrow()
  expect(() => unseal(openKeyFile(join(folder, 'other')), 'camera.password.A', sealed)).toThrow()
  expect(() => unseal(key, 'camera.password.A', `${sealed.slice(0, -2)}AA`)).toThrow()
})

test('R21 the key file is private, generated, and never weak', () => {
  expect(statSync(join(folder, 'key')).mode & 0o777).toBe(0o600)
  writeFileSync(join(folder, 'zeros'), Buffer.alloc(32), { mode: 0o600 })
  expect(() => openKeyFile(join(folder, 'zeros'))).toThrow(/32 random bytes/)
  writeFileSync(join(folder, 'open'), Buffer.from('0123456789abcdef0123456789abcdef'), { mode: 0o644 })
  expect(() => openKeyFile(join(folder, 'open'))).toThrow(/chmod 600/)
})
