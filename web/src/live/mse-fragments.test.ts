import type { LiveFrame } from '@vedette/shared/live-frame.ts'
import { expect, test } from 'vitest'
import { FragmentMaker } from './mse-fragments.ts'

const format = { codec: 'avc1.42c01e', width: 640, height: 360 }
const sps = [0, 0, 0, 1, 0x67, 0x42, 0xc0, 0x1e, 0xd9]
const pps = [0, 0, 0, 1, 0x68, 0xce, 0x3c, 0x80]
const frame = (captureS: number, isKey: boolean, sets = [...sps, ...pps]): LiveFrame => ({
  type: 0,
  isKey,
  captureS,
  payload: Uint8Array.from([...(isKey ? sets : []), 0, 0, 0, 1, isKey ? 0x65 : 0x41, 1, 2, 3]),
})

/** Types of the top-level boxes. */
function boxes(bytes: Uint8Array | undefined): string[] {
  const types: string[] = []
  const view = bytes && new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  for (let at = 0; view && at < view.byteLength; at += view.getUint32(at)) {
    types.push(String.fromCharCode(...(bytes?.subarray(at + 4, at + 8) ?? [])))
  }
  return types
}
/** Decode time and offset of the only sample. */
function timesOf(bytes: Uint8Array | undefined): { decode: number; offset: number } {
  const at = (name: string) => Buffer.from(bytes ?? []).indexOf(name)
  const view = new DataView((bytes ?? new Uint8Array()).buffer)
  const hasOffset = (view.getUint32(at('trun') + 4) & 0x800) !== 0
  return { decode: view.getUint32(at('tfdt') + 12), offset: hasOffset ? view.getInt32(at('trun') + 28) : 0 }
}

test('waits for a key frame, then begins with an init segment', () => {
  const maker = new FragmentMaker(format)
  expect(maker.add(frame(100, false))).toBeUndefined()
  expect(boxes(maker.add(frame(100.04, true)))).toEqual(['ftyp', 'moov', 'moof', 'mdat'])
  expect(boxes(maker.add(frame(100.08, false)))).toEqual(['moof', 'mdat'])
  expect(boxes(maker.add(frame(100.12, true)))).toEqual(['moof', 'mdat'])
  expect(maker.baseS).toBe(100.04)
})

test('sends a new init segment when the parameter sets change', () => {
  const maker = new FragmentMaker(format)
  maker.add(frame(0, true))
  expect(boxes(maker.add(frame(0.04, true, [...sps, 7, ...pps])))).toContain('moov')
})

test('places frames by their capture time', () => {
  const maker = new FragmentMaker(format)
  maker.add(frame(1_700_000_000, true))
  expect(timesOf(maker.add(frame(1_700_000_000.5, false)))).toEqual({ decode: 45_000, offset: 0 })
})

test('a picture shown earlier than one that came before keeps its place', () => {
  const maker = new FragmentMaker(format)
  maker.add(frame(0, true))
  maker.add(frame(0.08, false))
  expect(timesOf(maker.add(frame(0.04, false)))).toEqual({ decode: 7201, offset: 3600 - 7201 })
})

test('refuses a jump in time, so that the picture is opened anew', () => {
  const maker = new FragmentMaker(format)
  maker.add(frame(0, true))
  expect(maker.add(frame(60, true))).toBeUndefined()
})
