import { describe, expect, test } from 'vitest'
import { judgeAddress } from './address-policy.ts'

const strict = { purpose: 'camera', allowLoopback: false } as const
const loose = { purpose: 'camera', allowLoopback: true } as const
const own = ['127.0.0.1', '192.168.7.7', '::1', 'fe80::aa%eth0', '2a02:100::7']

/** Every way to write an address that no camera may have, whatever the administrator set about loopback. */
const neverAllowed = [
  ['unspecified', '0.0.0.0'],
  ['"this network"', '0.1.2.3'],
  ['link-local', '169.254.7.1'],
  ['cloud metadata', '169.254.169.254'],
  ['Azure’s wire server', '168.63.129.16'],
  ['Alibaba’s metadata', '100.100.100.200'],
  ['multicast', '224.0.0.1'],
  ['multicast, ONVIF discovery', '239.255.255.250'],
  ['broadcast', '255.255.255.255'],
  ['reserved', '240.0.0.1'],
  ['documentation', '192.0.2.1'],
  ['benchmarking', '198.18.0.1'],
  ['protocol assignments', '192.0.0.192'],
  ['short loopback', '127.1'],
  ['decimal loopback', '2130706433'],
  ['hexadecimal loopback', '0x7f000001'],
  ['octal loopback', '0177.0.0.1'],
  ['mapped unspecified', '::ffff:0.0.0.0'],
  ['mapped metadata', '::ffff:169.254.169.254'],
  ['mapped metadata in hexadecimal', '::ffff:a9fe:a9fe'],
  ['mapped metadata, spelled out', '0:0:0:0:0:ffff:a9fe:a9fe'],
  ['mapped multicast', '::ffff:224.0.0.1'],
  ['mapped broadcast', '::ffff:255.255.255.255'],
  ['compatible metadata, dotted', '::169.254.169.254'],
  ['compatible loopback in hexadecimal', '::7f00:1'],
  ['compatible metadata', '::a9fe:a9fe'],
  ['translated (RFC 6145) loopback', '::ffff:0:127.0.0.1'],
  ['translated (RFC 6145) metadata', '::ffff:0:a9fe:a9fe'],
  ['6to4 of loopback', '2002:7f00:1::'],
  ['6to4 of metadata', '2002:a9fe:a9fe::1'],
  ['6to4 of a private address', '2002:c0a8:101::1'],
  ['NAT64 of loopback', '64:ff9b::127.0.0.1'],
  ['NAT64 of loopback in hexadecimal', '64:ff9b::7f00:1'],
  ['NAT64 of metadata', '64:ff9b::169.254.169.254'],
  ['NAT64 of unspecified', '64:ff9b::'],
  ['NAT64 of an own address', '64:ff9b::192.168.7.7'],
  ['local NAT64 prefix', '64:ff9b:1::7f00:1'],
  ['Teredo', '2001:0:4136:e378:8000:63bf:3fff:fdd2'],
  ['Teredo of loopback', '2001:0:7f00:1::80ff:fffe'],
  ['ISATAP of loopback', '2a02:100::5efe:127.0.0.1'],
  ['ISATAP of loopback, global bit', '2a02:100::200:5efe:7f00:1'],
  ['IPv6 unspecified', '::'],
  ['IPv6 unspecified, spelled out', '0:0:0:0:0:0:0:0'],
  ['IPv6 link-local', 'fe80::1'],
  ['IPv6 link-local with a zone', 'fe80::1%eth0'],
  ['IPv6 loopback with a zone', '::1%lo'],
  ['IPv6 multicast', 'ff02::1'],
  ['IPv6 site-local', 'fec0::1'],
  ['IPv6 discard', '100::1'],
  ['IPv6 documentation', '2001:db8::1'],
  ['outside global unicast', '4000::1'],
  ['AWS metadata over IPv6', 'fd00:ec2::254'],
  ['credentials of AWS containers over IPv6', 'fd00:ec2::23'],
  ['Scaleway’s metadata over IPv6', 'fd00:42::42'],
  ['Google metadata over IPv6', 'fd20:ce::254'],
  ['not an address', 'camera'],
  ['nothing', ''],
] as const

const thisMachine = [
  ['loopback', '127.0.0.1'],
  ['all of 127/8', '127.99.1.2'],
  ['mapped loopback', '::ffff:127.0.0.1'],
  ['mapped loopback in hexadecimal', '::ffff:7f00:1'],
  ['compatible loopback', '::127.0.0.1'],
  ['IPv6 loopback', '::1'],
  ['IPv6 loopback, spelled out', '0:0:0:0:0:0:0:1'],
  ['own address', '192.168.7.7'],
  ['own address, mapped', '::ffff:192.168.7.7'],
  ['own IPv6 address', '2a02:100::7'],
  ['own IPv6 address, spelled out', '2A02:0100:0:0:0:0:0:0007'],
] as const

const allowed = [
  ['192.168.1.64', '192.168.1.64'],
  ['10.0.0.9', '10.0.0.9'],
  ['172.31.255.1', '172.31.255.1'],
  ['100.64.0.9', '100.64.0.9'],
  ['8.8.8.8', '8.8.8.8'],
  ['::ffff:192.168.1.64', '192.168.1.64'],
  ['fd12:3456::9', 'fd12:3456::9'],
  ['2a02:100::9', '2a02:100::9'],
  ['64:ff9b::8.8.8.8', '64:ff9b::808:808'],
] as const

describe('R15 addresses', () => {
  test.each(neverAllowed)('refuses %s (%s) even where loopback is allowed', (_name, address) => {
    expect(judgeAddress(address, loose, own)).toHaveProperty('refusal')
    expect(judgeAddress(address, strict, own)).toHaveProperty('refusal')
  })

  test.each(thisMachine)('refuses this machine as %s (%s) unless loopback is allowed', (_name, address) => {
    expect(judgeAddress(address, strict, own)).toHaveProperty('refusal')
    expect(judgeAddress(address, loose, own)).toHaveProperty('address')
  })

  test.each(allowed)('allows %s and connects to %s', (address, connectTo) => {
    expect(judgeAddress(address, strict, own)).toMatchObject({ address: connectTo })
  })
})
