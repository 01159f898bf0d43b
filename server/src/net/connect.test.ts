import { execFileSync } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer as createTlsServer } from 'node:tls'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { connectTcp } from './connect.ts'
import { UdpPair } from './udp-pair.ts'

const loose = { purpose: 'camera', allowLoopback: true } as const
const open: { close(): void }[] = []
afterEach(() => {
  for (const one of open.splice(0)) one.close()
})

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  open.push(server)
  const address = server.address()
  return typeof address === 'object' && address ? address.port : 0
}

describe('R15 connecting', () => {
  test('connects to the address that was checked, even when the name changes its mind', async () => {
    const port = await listen(createServer((socket) => socket.end()))
    let asked = 0
    const lookup = async () => [++asked === 1 ? '127.0.0.1' : '192.0.2.1']
    const { socket, address } = await connectTcp({ host: 'rebind.example', port, policy: loose, lookup })
    open.push({ close: () => socket.destroy() })
    expect([asked, address.address, socket.remoteAddress]).toEqual([1, '127.0.0.1', '127.0.0.1'])
  })

  test('never opens a socket to a refused address', async () => {
    const accept = vi.fn()
    const port = await listen(createServer(accept))
    const strict = { purpose: 'camera', allowLoopback: false } as const
    const refused = connectTcp({ host: '127.0.0.1', port, policy: strict })
    await expect(refused).rejects.toMatchObject({ code: 'address_refused' })
    expect(accept).not.toHaveBeenCalled()
  })

  test('says that a closed port refuses', async () => {
    const server = createServer()
    const port = await listen(server)
    await new Promise((resolve) => server.close(resolve))
    const refused = connectTcp({ host: '127.0.0.1', port, policy: loose })
    await expect(refused).rejects.toMatchObject({
      code: 'camera_unreachable',
      message: expect.stringMatching(/refuses connections/),
    })
  })

  test('gives up when told to, and refuses nonsense ports', async () => {
    const aborted = connectTcp({
      host: '127.0.0.1',
      port: 9,
      policy: loose,
      signal: AbortSignal.abort(new Error('no')),
    })
    await expect(aborted).rejects.toThrow('no')
    const wrong = connectTcp({ host: '127.0.0.1', port: 70_000, policy: loose })
    await expect(wrong).rejects.toMatchObject({ code: 'bad_request', field: 'port' })
  })

  test('learns a camera’s key, accepts it again and refuses another', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'vedette-tls-'))
    open.push({ close: () => rmSync(folder, { recursive: true }) })
    const [key, cert] = [join(folder, 'key'), join(folder, 'cert')]
    const request = [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-subj',
      '/CN=cam',
    ]
    execFileSync('openssl', [...request, '-keyout', key, '-out', cert], { stdio: 'ignore' })
    const identity = { key: readFileSync(key), cert: readFileSync(cert) }
    const port = await listen(createTlsServer(identity, (socket) => socket.on('error', () => {})))
    const base = { host: '127.0.0.1', port, policy: loose }
    const first = await connectTcp({ ...base, tls: {} })
    first.socket.destroy()
    expect(first.keySha256).toMatch(/^[0-9a-f]{64}$/)
    const second = await connectTcp({ ...base, tls: { expectedKeySha256: first.keySha256 } })
    second.socket.destroy()
    const other = connectTcp({ ...base, tls: { expectedKeySha256: '0'.repeat(64) } })
    await expect(other).rejects.toMatchObject({ code: 'camera_key_changed' })
  })

  test('calls a server without TLS unreachable and says what to try', async () => {
    const port = await listen(createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')))
    const failed = connectTcp({ host: '127.0.0.1', port, policy: loose, tls: {} })
    await expect(failed).rejects.toMatchObject({ code: 'camera_unreachable', message: expect.stringMatching(/TLS/) })
  })

  test('hears datagrams only from the camera’s address and ports', async () => {
    const heard: string[] = []
    const pair = await UdpPair.open({
      remote: { address: '127.0.0.1', family: 4 },
      localAddress: '127.0.0.1',
      onRtp: (datagram) => heard.push(datagram.toString()),
      onRtcp: () => {},
    })
    const camera = createSocket('udp4').bind(0, '127.0.0.1')
    const stranger = createSocket('udp4').bind(0, '127.0.0.2')
    open.push(pair, camera, stranger)
    await Promise.all([once(camera, 'listening'), once(stranger, 'listening')])
    pair.setRemotePorts(camera.address().port, camera.address().port)
    expect(pair.rtpPort % 2).toBe(0)
    stranger.send('stranger', pair.rtpPort, '127.0.0.1')
    await vi.waitFor(() => expect(pair.refused).toBe(1))
    camera.send('camera', pair.rtpPort, '127.0.0.1')
    await vi.waitFor(() => expect(heard).toEqual(['camera']))
    pair.close()
    pair.close()
  })
})
