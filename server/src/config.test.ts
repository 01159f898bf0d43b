import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
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
  [{ VEDETTE_DATABASE_URL_FILE: '/dev/null' }, 'VEDETTE_DATABASE_URL_FILE is wrong: /dev/null is no file.'],
  [{ VEDETTE_DATABASE_URL_FILE: import.meta.filename }, 'holds more than one line.'],
  [
    { VEDETTE_DATABASE_URL_FILE: '/nowhere', VEDETTE_DATABASE_URL: 'postgres://db/vedette' },
    'VEDETTE_DATABASE_URL and VEDETTE_DATABASE_URL_FILE are both given. Keep one of them.',
  ],
  [{ VEDETTE_LOG_LEVEL: 'loud' }, 'VEDETTE_LOG_LEVEL is wrong: give error, warn, info or debug.'],
])('names the wrong variable in %o and says what it takes', (raw, message) => {
  expect(() => toConfig(raw, '/')).toThrow(message)
})

test('R21 a secret of the environment may lie in a file, and the key in a place of its own or a systemd credential', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vedette-config-'))
  writeFileSync(join(folder, 'url'), 'postgres://db/vedette\n')
  const config = toConfig({ VEDETTE_DATABASE_URL_FILE: join(folder, 'url'), CREDENTIALS_DIRECTORY: folder }, '/srv')
  expect(config.database).toEqual({ kind: 'postgres', url: 'postgres://db/vedette' })
  expect(config.keyPlace).toEqual({ kind: 'own', path: '/srv/data/key' })
  writeFileSync(join(folder, 'vedette-key'), '')
  const credential = { kind: 'credential', path: join(folder, 'vedette-key') }
  expect(toConfig({ CREDENTIALS_DIRECTORY: folder }, '/').keyPlace).toEqual(credential)
  expect(toConfig({ CREDENTIALS_DIRECTORY: folder, VEDETTE_KEY_FILE: 'k' }, '/srv').keyPlace).toEqual({
    kind: 'named',
    path: '/srv/k',
  })
  rmSync(folder, { recursive: true })
})
