import { expect, test } from 'vitest'
import { toConfig } from './config.ts'

test('needs nothing to start: loopback, port 8080, a data folder where the user stands', () => {
  const config = toConfig({}, '/home/anna')
  expect(config).toMatchObject({ host: '127.0.0.1', port: 8080, dataDir: '/home/anna/data' })
  expect(config.database).toEqual({ kind: 'sqlite', path: '/home/anna/data/vedette.db' })
  expect(config.allowLoopbackCameras).toBe(false)
})

test.each([
  [{ VEDETTE_PORT: '70000' }, '--port (or VEDETTE_PORT) is wrong: give a number from 0 to 65535.'],
  [{ VEDETTE_PORT: 'http' }, '--port (or VEDETTE_PORT) is wrong: give a number from 0 to 65535.'],
  [{ VEDETTE_PORT: '' }, '--port (or VEDETTE_PORT) is wrong'],
  [{ VEDETTE_DATABASE_URL: 'mysql://x' }, 'VEDETTE_DATABASE_URL is wrong: it begins with postgres://.'],
  [{ VEDETTE_DATABASE_URL_FILE: '/nowhere' }, 'VEDETTE_DATABASE_URL_FILE is wrong: /nowhere cannot be read.'],
  [{ VEDETTE_DATABASE_URL_FILE: '/dev/null' }, '/dev/null holds no address that begins with postgres://.'],
  [{ VEDETTE_LOG_LEVEL: 'loud' }, 'VEDETTE_LOG_LEVEL is wrong: give error, warn, info or debug.'],
])('names the wrong variable in %o and says what it takes', (raw, message) => {
  expect(() => toConfig(raw, '/')).toThrow(message)
})
