/** The whole program as it is reached over a network: by its own certificate, by one that is swapped, and behind nginx. */
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type ForeignProgram, freePort, startProgram, whyMissing } from '../support/foreign-program.ts'
import { makeCertificate } from '../support/made-certificate.ts'
import { adminPassword, RunningVedette } from '../support/running-vedette.ts'

const run = promisify(execFile)
const missing = whyMissing('curl', 'curl', '--version') ?? whyMissing('OpenSSL', 'openssl', 'version')
const nginxMissing = whyMissing('nginx', 'nginx', '-v')

let folder: string
let vedette: RunningVedette | undefined
let nginx: ForeignProgram | undefined
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vedette-transport-'))
})
afterEach(async () => {
  await nginx?.close()
  await vedette?.close()
  ;[nginx, vedette] = [undefined, undefined]
  await rm(folder, { recursive: true, force: true })
})

interface Answer {
  readonly status: number
  readonly headers: Record<string, string[]>
  readonly body: string
}
/** By curl, so that TLS, names and redirects are judged by somebody else. */
async function curl(url: string, ...args: string[]): Promise<Answer> {
  const format = '\n=== %{http_code}\n%{header_json}'
  const { stdout } = await run('curl', ['-sS', '--max-time', '20', '-w', format, url, ...args])
  const [, body = '', status, headers = ''] = /^([\s\S]*)\n=== (\d+)\n([\s\S]*)$/.exec(stdout) ?? []
  return { status: Number(status), headers: JSON.parse(headers), body }
}
const json = (body: object) => ['-H', 'content-type: application/json', '-d', JSON.stringify(body)]
const codeOf = (output: string) => /#code=(\S+)/.exec(output)?.[1] ?? ''

describe.skipIf(missing !== undefined)('R10 on the network', () => {
  test('everything is HTTPS by the printed certificate, which a client that took /vedette-ca.crt trusts', async () => {
    vedette = await RunningVedette.open({
      args: ['--host', '0.0.0.0'],
      environment: { VEDETTE_HOSTNAMES: 'cam.lan, 10.99.99.99' },
    })
    const { port } = new URL(vedette.url)
    const to = ['--resolve', `cam.lan:${port}:127.0.0.1`]
    const fetched = await curl(`https://cam.lan:${port}/vedette-ca.crt`, '-k', ...to)
    expect(fetched.headers['content-type']).toEqual(['application/x-x509-ca-cert'])
    await writeFile(join(folder, 'ca.crt'), fetched.body)
    const trusting = ['--cacert', join(folder, 'ca.crt'), ...to]
    const setUp = await curl(
      `https://cam.lan:${port}/api/setup`,
      ...json({ code: codeOf(vedette.output()), username: 'anna', password: adminPassword }),
      ...trusting,
    )
    expect(setUp.status).toBe(200)
    expect(setUp.headers['set-cookie']?.[0]).toMatch(/^__Host-vedette=.*; Path=\/; HttpOnly; SameSite=Strict; Secure/)
    expect(setUp.headers['strict-transport-security']).toEqual(['max-age=31536000'])
    await expect(curl(`https://cam.lan:${port}/`, ...to)).rejects.toThrow(/self-signed|certificate/)

    const clear = await curl(`http://cam.lan:${port}/live`, ...to)
    expect([clear.status, clear.headers.location]).toEqual([308, [`https://cam.lan:${port}/live`]])
    expect(clear.headers).not.toHaveProperty('strict-transport-security')
    const api = await curl(
      `http://cam.lan:${port}/api/login`,
      ...json({ username: 'anna', password: adminPassword }),
      ...to,
    )
    expect([api.status, JSON.parse(api.body).code]).toEqual([403, 'https_required'])
    expect(api.headers).not.toHaveProperty('set-cookie')
    expect(
      (await curl(`https://evil.example:${port}/`, '-k', '--resolve', `evil.example:${port}:127.0.0.1`)).status,
    ).toBe(400)

    expect((await curl(`https://0.0.0.0:${port}/`, '-k')).status).toBe(400)
    const { stdout } = await run('sh', [
      '-c',
      `openssl s_client -connect 127.0.0.1:${port} </dev/null 2>/dev/null | openssl x509 -noout -fingerprint -sha256`,
    ])
    expect(vedette.output()).toContain(stdout.trim().split('=')[1])
  }, 60_000)

  test('R40 says where to write about a weakness', async () => {
    vedette = await RunningVedette.open()
    const text = (await curl(`${vedette.url}/.well-known/security.txt`)).body
    const contact = /^Contact: (.*)$/m.exec(text)?.[1] ?? ''
    expect(contact).toBe(`${vedette.url}/.well-known/security-policy.txt`)
    expect((await curl(contact)).body).toMatch(/reply within 72 hours/)
    const expires = Date.parse(/^Expires: (.*)$/m.exec(text)?.[1] ?? '')
    expect(expires - Date.now()).toBeGreaterThan(30 * 86_400_000)
    expect(expires - Date.now()).toBeLessThan(365 * 86_400_000)
    await vedette.close()
    vedette = await RunningVedette.open({ environment: { VEDETTE_SECURITY_CONTACT: 'mailto:anna@cam.example' } })
    expect((await curl(`${vedette.url}/.well-known/security.txt`)).body).toMatch(/^Contact: mailto:anna@cam\.example$/m)
  }, 60_000)

  test('R10 a certificate that is swapped on disk is shown to the next visitor; a broken one is a problem', async () => {
    const [certPath, keyPath] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
    const put = async ({ cert, key }: { cert: string; key: string }) => {
      await writeFile(certPath, cert)
      await writeFile(keyPath, key)
    }
    await put(await makeCertificate({ names: ['localhost'], endsMs: Date.now() + 3.5 * 86_400_000 }))
    vedette = await RunningVedette.open({ environment: { VEDETTE_TLS_CERT: certPath, VEDETTE_TLS_KEY: keyPath } })
    const { port } = new URL(vedette.url)
    const [url, trusting] = [`https://localhost:${port}`, ['--cacert', certPath]]
    const jar = ['-c', join(folder, 'jar'), '-b', join(folder, 'jar')]
    const setUp = { code: codeOf(vedette.output()), username: 'anna', password: adminPassword }
    expect((await curl(`${url}/api/setup`, ...json(setUp), ...trusting, ...jar)).status).toBe(200)
    const problems = async () => {
      const status: { problems: string[] } = JSON.parse((await curl(`${url}/api/system/status`, '-k', ...jar)).body)
      return status.problems.filter((problem) => problem.startsWith('The certificate'))
    }
    expect(await problems()).toEqual([expect.stringMatching(/^The certificate ends in 3 days/)])

    const next = await makeCertificate({ names: ['localhost'] })
    await put(next)
    await vi.waitFor(async () => expect((await curl(`${url}/live`, ...trusting)).status).toBe(200), {
      timeout: 30_000,
      interval: 500,
    })
    expect(await problems()).toEqual([])
    await writeFile(keyPath, 'broken')
    await vi.waitFor(
      async () => expect((await problems())[0]).toMatch(/its key cannot be read.* The one before stays/),
      {
        timeout: 30_000,
        interval: 500,
      },
    )
    await writeFile(keyPath, next.key)
  }, 90_000)
})

/** As the README says it. */
const nginxConfig = (listen: number, clearPort: number, upstream: string, pem: string) => `
daemon off; error_log stderr; pid ${pem}.pid; worker_processes 1;
events {}
http {
  access_log off;
  map $http_upgrade $connection_upgrade { default upgrade; '' close; }
  server {
    listen 127.0.0.1:${listen} ssl;
    listen 127.0.0.1:${clearPort};
    ssl_certificate ${pem}; ssl_certificate_key ${pem};
    location / {
      proxy_pass ${upstream};
      proxy_http_version 1.1;
      proxy_buffering off;
      proxy_set_header Host $http_host;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $connection_upgrade;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_set_header X-Forwarded-Proto $scheme;
      proxy_set_header X-Forwarded-Host $http_host;
    }
  }
}
`

describe.skipIf(missing !== undefined || nginxMissing !== undefined)('R3 R7 behind nginx', () => {
  async function openBehindNginx(environment: Record<string, string>) {
    vedette = await RunningVedette.open({ environment: { VEDETTE_HOSTNAMES: 'cam.example', ...environment } })
    const [port, clearPort] = [await freePort(), await freePort()]
    const { cert, key } = await makeCertificate({ names: ['cam.example'] })
    await writeFile(join(folder, 'nginx.pem'), `${cert}\n${key}`)
    await writeFile(join(folder, 'nginx.conf'), nginxConfig(port, clearPort, vedette.url, join(folder, 'nginx.pem')))
    nginx = startProgram('nginx', ['-c', join(folder, 'nginx.conf'), '-p', folder])
    const to = ['--cacert', join(folder, 'nginx.pem'), '--connect-to', `cam.example:${port}:127.0.0.1:${port}`]
    await vi.waitFor(() => curl(`https://cam.example:${port}/`, ...to), { timeout: 10_000 })
    return { vedette, url: `https://cam.example:${port}`, clearPort, to }
  }

  test('a trusted one decides cookie, HSTS and the address that limits and the audit log go by', async () => {
    const { vedette, url, clearPort, to } = await openBehindNginx({ VEDETTE_TRUSTED_PROXIES: '127.0.0.1' })
    const jar = ['-c', join(folder, 'jar'), '-b', join(folder, 'jar')]
    const setUp = { code: codeOf(vedette.output()), username: 'anna', password: adminPassword }
    const made = await curl(`${url}/api/setup`, ...json(setUp), ...to, ...jar, '-H', `origin: ${url}`)
    expect(made.status, made.body).toBe(200)
    expect(made.headers['set-cookie']?.[0]).toMatch(/^__Host-vedette=.*Secure/)
    expect(made.headers['strict-transport-security']).toEqual(['max-age=31536000'])

    // Eleven wrong passwords with ten made-up addresses in front: one address to us, and that of the client.
    const statuses: number[] = []
    for (let i = 0; i < 11; i++) {
      const guess = json({ username: `nobody ${i}`, password: 'guess number one two' })
      statuses.push(
        (
          await curl(
            `${url}/api/login`,
            ...guess,
            ...to,
            '-H',
            `x-forwarded-for: 10.9.9.${i}`,
            '--interface',
            '127.0.0.3',
          )
        ).status,
      )
    }
    expect(statuses).toEqual([...Array(10).fill(401), 429])
    const audit = await curl(`${url}/api/audit?limit=50`, ...to, ...jar)
    const addresses = JSON.parse(audit.body).entries.map(({ address }: { address: string }) => address)
    expect(new Set(addresses)).toEqual(new Set(['127.0.0.3', '127.0.0.1']))

    const clear = await curl(
      `http://cam.example:${clearPort}/live`,
      '--connect-to',
      `cam.example:${clearPort}:127.0.0.1:${clearPort}`,
    )
    expect([clear.status, clear.headers.location]).toEqual([308, ['https://cam.example/live']])
    const api = await curl(
      `http://cam.example:${clearPort}/api/setup`,
      '--connect-to',
      `cam.example:${clearPort}:127.0.0.1:${clearPort}`,
    )
    expect(JSON.parse(api.body).code).toBe('https_required')
    // Who is on the machine still reaches it without the proxy.
    expect((await curl(`${vedette.url}/api/setup`)).status).toBe(200)
  }, 60_000)

  test('one that is not trusted is a stranger: no Secure cookie on its word, its own address', async () => {
    const { vedette, url, to } = await openBehindNginx({})
    const setUp = { code: codeOf(vedette.output()), username: 'anna', password: adminPassword }
    const made = await curl(`${url}/api/setup`, ...json(setUp), ...to)
    // It is this machine that asks, over clear HTTP on loopback; what it says of others is not heard.
    expect(made.headers['set-cookie']?.[0]).toMatch(/^vedette=/)
    expect(made.headers).not.toHaveProperty('strict-transport-security')
    expect((await curl(`${url}/api/setup`, ...json(setUp), ...to, '-H', `origin: ${url}`)).status).toBe(403)
  }, 60_000)

  test('over TLS inside, too: a trusted one in front of the network address', async () => {
    const { url, to } = await openBehindNginx({ VEDETTE_TRUSTED_PROXIES: '127.0.0.0/8', VEDETTE_HOST: '0.0.0.0' })
    const answer = await curl(`${url}/api/setup`, ...to)
    expect([answer.status, answer.headers['strict-transport-security']]).toEqual([200, ['max-age=31536000']])
  }, 60_000)
})

test('R10 a wrong pair of variables stops the start and is named', async () => {
  await expect(RunningVedette.open({ environment: { VEDETTE_TLS_CERT: '/nowhere' } })).rejects.toThrow(
    /VEDETTE_TLS_KEY is missing/,
  )
  await expect(RunningVedette.open({ environment: { VEDETTE_TRUSTED_PROXIES: '0.0.0.0/0' } })).rejects.toThrow(
    /VEDETTE_TRUSTED_PROXIES is wrong: 0\.0\.0\.0\/0 is not/,
  )
}, 30_000)
