import { expect, test } from 'vitest'
import { toConfig } from './config.ts'

test('needs nothing to start: loopback, port 8080, a data folder where the user stands', () => {
  const config = toConfig({}, '/home/anna')
  expect(config).toMatchObject({ host: '127.0.0.1', port: 8080, dataDir: '/home/anna/data' })
  expect(config.database).toEqual({ kind: 'sqlite', path: '/home/anna/data/vedette.db' })
  expect(config.allowLoopbackCameras).toBe(false)
})

test.each([
  [{ VEDETTE_PORT: '70000' }, /VEDETTE_PORT/],
  [{ VEDETTE_PORT: 'http' }, /VEDETTE_PORT/],
  [{ VEDETTE_DATABASE_URL: 'mysql://x' }, /VEDETTE_DATABASE_URL/],
  [{ VEDETTE_LOG_LEVEL: 'loud' }, /VEDETTE_LOG_LEVEL/],
])('names the wrong variable in %o', (raw, message) => {
  expect(() => toConfig(raw, '/')).toThrow(message)
})
