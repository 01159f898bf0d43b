/**
 * R15: this machine and its neighbours of the inside, written in every way that somebody could paste into a camera's
 * address. Each goes through the real address parser and the real resolver at a listening port: nothing may arrive there.
 */
import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { networkInterfaces } from 'node:os'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DnsServer, type DnsZone } from '../../../test/support/dns-server.ts'
import { AppError } from '../lib/app-error.ts'
import { trySplitAddress } from '../rtsp/rtsp-address.ts'
import { connectTcp } from './connect.ts'
import type { Lookup } from './resolve-checked.ts'

const strict = { purpose: 'camera', allowLoopback: false } as const
const own = Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address))

let port = 0
let arrived = 0
const servers: Server[] = []
beforeAll(async () => {
  for (const host of ['0.0.0.0', '::']) {
    const server = createServer((socket) => {
      arrived += 1
      socket.destroy()
    })
    // All addresses of this machine, so that whatever gets through is seen.
    server.listen({ host, port, ipv6Only: host === '::' })
    const isThere = await Promise.race([
      once(server, 'listening').then(() => true),
      once(server, 'error').then(() => false),
    ])
    if (!isThere) continue
    servers.push(server)
    const address = server.address()
    if (address && typeof address === 'object') port = address.port
  }
})
afterAll(() => {
  for (const server of servers) server.close()
})

/** What becomes of `rtsp://<authority>/`: the code of its refusal, or 'connected'. */
async function fate(authority: string, lookup?: Lookup): Promise<string> {
  const split = trySplitAddress(`rtsp://${authority.replace('PORT', String(port))}/stream`)
  if (typeof split === 'string') return 'no address'
  try {
    const { host } = split
    const found = await connectTcp({ host, port, policy: strict, timeoutMs: 1500, ...(lookup && { lookup }) })
    found.socket.destroy()
    return 'connected'
  } catch (error) {
    return error instanceof AppError ? error.code : `thrown: ${error}`
  }
}

const disguises: readonly (readonly [name: string, authority: string])[] = [
  ['plain', '127.0.0.1:PORT'],
  ['another of 127/8', '127.254.3.2:PORT'],
  ['two parts', '127.1:PORT'],
  ['three parts', '127.0.1:PORT'],
  ['decimal', '2130706433:PORT'],
  ['decimal, beyond 32 bits', '6425673729:PORT'],
  ['hexadecimal', '0x7f000001:PORT'],
  ['hexadecimal in capitals', '0X7F000001:PORT'],
  ['hexadecimal with many zeros', '0x000000007f000001:PORT'],
  ['octal', '017700000001:PORT'],
  ['octal parts', '0177.0.0.01:PORT'],
  ['octal with zeros', '0000177.0.0.1:PORT'],
  ['hexadecimal parts', '0x7f.0x0.0x0.0x1:PORT'],
  ['mixed parts', '0x7f.0.01:PORT'],
  ['part over 255', '127.0.0.257:PORT'],
  ['five parts', '127.0.0.0.1:PORT'],
  ['trailing dot', '127.0.0.1.:PORT'],
  ['two dots', '127..0.0.1:PORT'],
  ['blank before it', ' 127.0.0.1:PORT'],
  ['tab inside', '127.0.0\t.1:PORT'],
  ['line break inside', '127.0.0.1\r\nHost: x:PORT'],
  ['escaped', '%31%32%37.0.0.1:PORT'],
  ['escaped dots', '127%2e0%2e0%2e1:PORT'],
  ['escaped NUL', '127.0.0.1%00.example:PORT'],
  ['full-width digits', '１２７.０.０.１:PORT'],
  ['circled digits', '①②⑦.⓪.⓪.①:PORT'],
  ['ideographic full stops', '127。0。0。1:PORT'],
  ['half-width full stops', '127｡0｡0｡1:PORT'],
  ['Arabic digits', '١٢٧.٠.٠.١:PORT'],
  ['soft hyphen', '127.0.0.\u00ad1:PORT'],
  ['zero-width space', '127.0.0.\u200b1:PORT'],
  ['all addresses', '0.0.0.0:PORT'],
  ['zero', '0:PORT'],
  ['in brackets', '[127.0.0.1]:PORT'],
  ['IPv6', '[::1]:PORT'],
  ['IPv6 without brackets', '::1:PORT'],
  ['IPv6, spelled out', '[0000:0000:0000:0000:0000:0000:0000:0001]:PORT'],
  ['IPv6 with a zone', '[::1%lo]:PORT'],
  ['IPv6 with an escaped zone', '[::1%25lo]:PORT'],
  ['IPv6 unspecified', '[::]:PORT'],
  ['IPv4-mapped', '[::ffff:127.0.0.1]:PORT'],
  ['IPv4-mapped in hexadecimal', '[::ffff:7f00:1]:PORT'],
  ['IPv4-mapped, spelled out', '[0:0:0:0:0:ffff:7f00:0001]:PORT'],
  ['IPv4-mapped zero', '[::ffff:0.0.0.0]:PORT'],
  ['IPv4-compatible', '[::127.0.0.1]:PORT'],
  ['translated (RFC 6145)', '[::ffff:0:127.0.0.1]:PORT'],
  ['NAT64', '[64:ff9b::7f00:1]:PORT'],
  ['local NAT64', '[64:ff9b:1::127.0.0.1]:PORT'],
  ['6to4', '[2002:7f00:1::1]:PORT'],
  ['Teredo', '[2001:0:7f00:1::80ff:fffe]:PORT'],
  ['ISATAP', '[fe80::5efe:127.0.0.1]:PORT'],
  ['link-local', '169.254.1.1:PORT'],
  ['metadata', '169.254.169.254:PORT'],
  ['metadata, decimal', '2852039166:PORT'],
  ['metadata, mapped', '[::ffff:169.254.169.254]:PORT'],
  ['metadata of AWS over IPv6', '[fd00:ec2::254]:PORT'],
  ['metadata of Alibaba', '100.100.100.200:PORT'],
  ['metadata of Azure', '168.63.129.16:PORT'],
  ['IPv6 link-local', '[fe80::1]:PORT'],
  ['IPv6 link-local with a zone', '[fe80::1%eth0]:PORT'],
  ['multicast', '239.255.255.250:PORT'],
  ['IPv6 multicast', '[ff02::1]:PORT'],
  ['broadcast', '255.255.255.255:PORT'],
  ['name', 'localhost:PORT'],
  ['name in capitals', 'LOCALHOST:PORT'],
  ['name with a dot', 'localhost.:PORT'],
  ['name below localhost', 'camera.localhost:PORT'],
  ['name of its domain', 'localhost.localdomain:PORT'],
  ['its IPv6 names', 'ip6-localhost:PORT'],
  ['long s for s', 'localhoſt:PORT'],
  ['name behind a user', 'camera.example@127.0.0.1:PORT'],
  ['user with an @', 'admin:p@ss@127.0.0.1:PORT'],
  ['user that looks like a host', '10.0.0.7:554@127.0.0.1:PORT'],
  ['backslash', '10.0.0.7\\@127.0.0.1:PORT'],
  ['hash', '127.0.0.1:PORT#@10.0.0.7'],
  ['question mark', '127.0.0.1:PORT?@10.0.0.7'],
  ...own.map(
    (address) => [`own address ${address}`, address.includes(':') ? `[${address}]:PORT` : `${address}:PORT`] as const,
  ),
]

describe('R15 nothing of this machine is reached', () => {
  test('the listener would see it', async () => {
    const loose = { ...strict, allowLoopback: true }
    const { socket } = await connectTcp({ host: '127.0.0.1', port, policy: loose })
    await once(socket, 'close')
    expect([disguises.length >= 40, arrived]).toEqual([true, 1])
    arrived = 0
  })

  test.each(disguises)('as %s: %j', async (_name, authority) => {
    expect(['no address', 'address_refused', 'camera_unreachable']).toContain(await fate(authority))
    expect(arrived).toBe(0)
  })
})

describe('R15 names', () => {
  async function withZone<T>(zone: DnsZone, work: (server: DnsServer) => Promise<T>): Promise<T> {
    const server = await DnsServer.open(zone)
    try {
      return await work(server)
    } finally {
      server.close()
    }
  }
  const here = '0:0:0:0:0:0:0:1'

  test.each<readonly [string, DnsZone]>([
    ['to this machine', (name, type) => (type === 'A' ? [[name, 'A', '127.0.0.1']] : [])],
    ['to this machine over IPv6', (name, type) => (type === 'AAAA' ? [[name, 'AAAA', here]] : [])],
    ['to this machine, mapped', (name, type) => (type === 'AAAA' ? [[name, 'AAAA', '0:0:0:0:0:ffff:7f00:1']] : [])],
    [
      'to a camera and to this machine',
      (name, type) =>
        type === 'A'
          ? [
              [name, 'A', '192.0.2.7'],
              [name, 'A', '127.0.0.1'],
            ]
          : [],
    ],
    [
      'to a camera, and to this machine over IPv6',
      (name, type) => (type === 'A' ? [[name, 'A', '10.9.9.9']] : [[name, 'AAAA', here]]),
    ],
    ['to zero', (name, type) => (type === 'A' ? [[name, 'A', '0.0.0.0']] : [])],
    ['to metadata', (name, type) => (type === 'A' ? [[name, 'A', '169.254.169.254']] : [])],
    [
      'over two other names to this machine',
      (name, type) =>
        type === 'A'
          ? [
              [name, 'CNAME', 'a.example'],
              ['a.example', 'CNAME', 'b.example'],
              ['b.example', 'A', '127.0.0.1'],
            ]
          : [],
    ],
  ])('that lead %s are refused', async (_name, zone) => {
    expect(await withZone(zone, ({ lookup }) => fate('yard.example:PORT', lookup))).toBe('address_refused')
    expect(arrived).toBe(0)
  })

  test('whose answer changes after the check are never asked again', async () => {
    // First a camera on an address that nobody has, then this machine: what rebinding does.
    const zone: DnsZone = (name, type, count) =>
      type === 'A' ? [[name, 'A', count === 1 ? '192.168.255.254' : '127.0.0.1']] : []
    await withZone(zone, async (server) => {
      expect(await fate('yard.example:PORT', server.lookup)).toBe('camera_unreachable')
      expect(server.questions.filter((question) => question.startsWith('A '))).toEqual(['A yard.example'])
      expect(await fate('yard.example:PORT', server.lookup)).toBe('address_refused')
    })
    expect(arrived).toBe(0)
  })

  test('that nobody answers for end in time', async () => {
    const startMs = performance.now()
    expect(
      await withZone(
        () => [],
        ({ lookup }) => fate('nobody.example:PORT', lookup),
      ),
    ).toBe('camera_unreachable')
    expect(performance.now() - startMs).toBeLessThan(5000)
  })
})
