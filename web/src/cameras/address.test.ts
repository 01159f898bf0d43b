import { expect, test } from 'vitest'
import { hostOf, splitAddress } from './address.ts'

test.each([
  ['rtsp://admin:secret@10.0.0.7:554/stream1', 'rtsp://10.0.0.7:554/stream1', 'admin', 'secret'],
  ['rtsp://admin:p%40ss@cam/1', 'rtsp://cam/1', 'admin', 'p@ss'],
  ['rtsp://admin:p@ss@cam/1', 'rtsp://cam/1', 'admin', 'p@ss'],
  ['rtsp://admin:pa/ss@cam/1', 'rtsp://cam/1', 'admin', 'pa/ss'],
  ['rtsp://admin:50%@cam/1', 'rtsp://cam/1', 'admin', '50%'],
  ['rtsps://admin@cam/1?channel=1', 'rtsps://cam/1?channel=1', 'admin', undefined],
])('takes the credentials out of %s', (text, address, username, password) => {
  expect(splitAddress(text)).toEqual({ address, username, password })
})

test.each([
  ['rtsp://cam:8554/live/a@b', 'rtsp://cam:8554/live/a@b'],
  ['rtsp://[fe80::1]:554/1', 'rtsp://[fe80::1]:554/1'],
  ['  rtsp://cam/1  ', 'rtsp://cam/1'],
  ['192.168.1.20/stream1', 'rtsp://192.168.1.20/stream1'],
])('leaves %s without credentials', (text, address) => {
  expect(splitAddress(text)).toEqual({ address, username: undefined, password: undefined })
})

test('finds the host that a password is meant for', () => {
  expect(hostOf('rtsp://u:p@Cam.lan:554/x')).toBe('cam.lan')
  expect(hostOf('rtsp://[fe80::1]:554/1')).toBe('[fe80::1]')
  expect(hostOf('')).toBe('')
})
