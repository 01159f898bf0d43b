import { describe, expect, test } from 'vitest'
import { formatAddress, splitAddress } from './rtsp-address.ts'

describe('splitting a pasted address', () => {
  test.each([
    ['rtsp://cam.lan', 'rtsp://cam.lan/', 'cam.lan', 554, '/'],
    ['  rtsp://10.0.0.9:8554/a  ', 'rtsp://10.0.0.9:8554/a', '10.0.0.9', 8554, '/a'],
    ['RTSP://Cam.LAN:554/A', 'rtsp://cam.lan/A', 'cam.lan', 554, '/A'],
    ['rtsps://10.0.0.9:7441/x', 'rtsps://10.0.0.9:7441/x', '10.0.0.9', 7441, '/x'],
    ['rtspx://10.0.0.9:7441/x', 'rtsps://10.0.0.9:7441/x', '10.0.0.9', 7441, '/x'],
    ['rtsp://[fd00::9]:8554/a', 'rtsp://[fd00::9]:8554/a', 'fd00::9', 8554, '/a'],
    ['rtsp://h/cam?channel=1&subtype=0', 'rtsp://h/cam?channel=1&subtype=0', 'h', 554, '/cam?channel=1&subtype=0'],
    ['rtsp://h?x=1', 'rtsp://h/?x=1', 'h', 554, '/?x=1'],
    ['rtsp://h/a b"ü#video', 'rtsp://h/a%20b%22%C3%BC', 'h', 554, '/a%20b%22%C3%BC'],
  ])('%s', (text, address, host, port, path) => {
    const split = splitAddress(text)
    expect(split).toMatchObject({ address, host, port, path, username: undefined, password: undefined })
    expect(formatAddress(split)).toBe(address)
    expect(splitAddress(address).address).toBe(address)
  })

  test.each([
    ['rtsp://admin:secret@h/a', 'admin', 'secret'],
    ['rtsp://admin:p@ss:w%40rd@h/a', 'admin', 'p@ss:w@rd'],
    ['rtsp://admin:100%@h/a', 'admin', '100%'],
    ['rtsp://admin@h/a', 'admin', ''],
    ['rtsp://:@h/a', '', ''],
    ['rtsp://%C3%BCser:p%2Fw@h/a', 'üser', 'p/w'],
  ])('takes the credentials out of %s', (text, username, password) => {
    const split = splitAddress(text)
    expect(split).toMatchObject({ username, password, host: 'h', address: 'rtsp://h/a' })
  })

  test.each([
    '',
    'cam.lan/a',
    'http://h/a',
    'constructor://h/a',
    'rtsp://',
    'rtsp:///a',
    'rtsp://h:0/',
    'rtsp://h:65536/',
    'rtsp://h:x/',
    'rtsp://admin:a/b@h/a',
    'rtsp://h/a\r\nX: y',
    'rtsp://fe80::1/a',
    'rtsp://[fe80::1%eth0]/a',
    'rtsp://-h/a',
    `rtsp://h/${'a'.repeat(2001)}`,
  ])('refuses %j', (text) => {
    expect(() => splitAddress(text, 'subAddress')).toThrow(
      expect.objectContaining({ code: 'bad_request', field: 'subAddress' }),
    )
  })
})
