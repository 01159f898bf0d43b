import { expect, test } from 'vitest'
import { toConfig } from '../config.ts'

const transportOf = (raw: Record<string, string>) => toConfig(raw, '/home/anna').transport

test('R10 nothing is set: no certificate of others, no proxy that counts', () => {
  expect(transportOf({})).toMatchObject({ given: undefined, acme: undefined, hostnames: [], isProxy: undefined })
})

test('R10 reads names, files and an ACME account', () => {
  expect(
    transportOf({
      VEDETTE_HOSTNAMES: 'Cam.lan, 10.0.0.5 2001:DB8:0::7',
      VEDETTE_TLS_CERT: 'cert.pem',
      VEDETTE_TLS_KEY: '/etc/key.pem',
    }),
  ).toMatchObject({
    hostnames: ['cam.lan', '10.0.0.5', '2001:db8::7'],
    given: { certPath: '/home/anna/cert.pem', keyPath: '/etc/key.pem' },
  })
  const acme = { VEDETTE_ACME_DOMAIN: 'Cam.example,www.cam.example', VEDETTE_ACME_HTTP_PORT: '80' }
  expect(transportOf(acme).acme).toMatchObject({
    names: ['cam.example', 'www.cam.example'],
    httpPort: 80,
    directoryUrl: 'https://acme-v02.api.letsencrypt.org/directory',
  })
  expect(transportOf({ VEDETTE_TRUSTED_PROXIES: '10.0.0.2 fd00::/8' }).isProxy?.('::ffff:10.0.0.2')).toBe(true)
})

test.each([
  [{ VEDETTE_TLS_CERT: 'cert.pem' }, 'VEDETTE_TLS_KEY is missing'],
  [{ VEDETTE_TLS_KEY: 'key.pem' }, 'VEDETTE_TLS_CERT is missing'],
  [{ VEDETTE_TLS_CERT: 'a', VEDETTE_TLS_KEY: 'b', VEDETTE_ACME_DOMAIN: 'cam.example' }, 'Give one of them'],
  [{ VEDETTE_ACME_DOMAIN: '*.cam.example' }, 'VEDETTE_ACME_DOMAIN is wrong: give domain names'],
  [{ VEDETTE_ACME_DOMAIN: '203.0.113.7' }, 'VEDETTE_ACME_DOMAIN is wrong'],
  [{ VEDETTE_ACME_DOMAIN: 'localhost' }, 'VEDETTE_ACME_DOMAIN is wrong'],
  [
    { VEDETTE_ACME_DOMAIN: 'a.example', VEDETTE_ACME_EMAIL: 'anna' },
    'VEDETTE_ACME_EMAIL is wrong: give an e-mail address',
  ],
  [{ VEDETTE_ACME_DIRECTORY: 'http://acme.example/' }, 'VEDETTE_ACME_DIRECTORY is wrong: it begins with https://'],
  [{ VEDETTE_HOSTNAMES: 'cam.example/evil' }, 'VEDETTE_HOSTNAMES is wrong: give host names'],
  [{ VEDETTE_HOSTNAMES: 'cam.example:8080' }, 'VEDETTE_HOSTNAMES is wrong'],
  [{ VEDETTE_HOSTNAMES: '*' }, 'VEDETTE_HOSTNAMES is wrong'],
  [{ VEDETTE_TRUSTED_PROXIES: '::/0' }, 'VEDETTE_TRUSTED_PROXIES is wrong: ::/0 is not'],
  [{ VEDETTE_SECURITY_CONTACT: 'anna@cam.example' }, 'VEDETTE_SECURITY_CONTACT is wrong: it begins with https://'],
  [{ VEDETTE_SECURITY_CONTACT: 'mailto:a\r\nSet-Cookie: x' }, 'VEDETTE_SECURITY_CONTACT is wrong'],
])('R10 R14 names the wrong variable in %o', (raw, message) => {
  expect(() => transportOf(raw)).toThrow(message)
})
