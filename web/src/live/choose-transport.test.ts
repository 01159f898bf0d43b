import { expect, test } from 'vitest'
import { chooseTransport } from './choose-transport.ts'

const all = { hasWebCodecs: true, hasMediaSource: true, isSecure: true }

test('takes WebCodecs where it can', () => {
  expect(chooseTransport('auto', all, {})).toEqual({ transport: 'webcodecs', reason: null })
})

test('takes the next one and says why', () => {
  expect(chooseTransport('auto', all, { webcodecs: 'codec' })).toEqual({ transport: 'mse', reason: 'codec_webcodecs' })
  expect(chooseTransport('auto', all, { webcodecs: 'codec', mse: 'codec' })).toEqual({
    transport: 'jpeg',
    reason: 'codec_mse',
  })
  expect(chooseTransport('auto', all, { webcodecs: 'failed' })).toEqual({ transport: 'mse', reason: 'failed' })
})

test('a page without HTTPS has no WebCodecs and says so', () => {
  const plain = { hasWebCodecs: false, hasMediaSource: true, isSecure: false }
  expect(chooseTransport('auto', plain, {})).toEqual({ transport: 'mse', reason: 'insecure' })
})

test('obeys the camera’s setting, but never shows nothing because of it', () => {
  expect(chooseTransport('mse', all, {})).toEqual({ transport: 'mse', reason: 'forced' })
  expect(chooseTransport('jpeg', all, {})).toEqual({ transport: 'jpeg', reason: 'forced' })
  expect(chooseTransport('mse', all, { mse: 'codec' })).toEqual({ transport: 'jpeg', reason: 'codec_mse' })
})
