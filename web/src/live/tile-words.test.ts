import type { CameraView } from '@vedette/shared/camera.ts'
import { expect, test } from 'vitest'
import { emptyState, type LivePictureState } from './live-picture.ts'
import { troubleOf } from './tile-words.ts'

const nowMs = Date.UTC(2026, 10, 18)
const camera = (state: CameraView['status']['state'], more: Partial<CameraView> = {}) => ({
  enabled: true,
  rights: ['view' as const],
  ...more,
  status: {
    state,
    sinceMs: nowMs - 60_000,
    problem: state === 'online' ? null : 'It says why.',
    nextTryMs: nowMs + 5000,
    recording: true,
    motion: false,
    byHandUntilMs: null,
    clockOffsetMs: null,
    main: null,
    sub: null,
  },
})
const playing: LivePictureState = { ...emptyState, picture: 'live', link: { state: 'open' }, pictureMs: nowMs - 100 }

test('says nothing while all is well', () => {
  expect(troubleOf(camera('online'), playing, nowMs)).toBeUndefined()
})

test('a camera in trouble comes before everything the browser sees', () => {
  const lost = { ...playing, link: { state: 'lost' as const, nextTryMs: 1 } }
  expect(troubleOf(camera('unauthorized'), lost, nowMs)).toEqual({
    kind: 'unauthorized',
    detail: 'It says why.',
    sinceMs: nowMs - 60_000,
    nextTryMs: nowMs + 5000,
  })
})

test('tells a switched-off camera and one that may not be watched from a broken one', () => {
  expect(troubleOf(camera('disabled'), playing, nowMs)?.kind).toBe('disabled')
  expect(troubleOf(camera('online', { rights: ['replay'] }), playing, nowMs)?.kind).toBe('not_allowed')
})

test('tells a lost server and the wait for the first picture', () => {
  expect(troubleOf(camera('online'), { ...playing, link: { state: 'lost', nextTryMs: 7 } }, nowMs)).toMatchObject({
    kind: 'server',
    nextTryMs: 7,
  })
  expect(troubleOf(camera('online'), emptyState, nowMs)?.kind).toBe('connecting')
})

test('marks a picture that stands still', () => {
  const old = { ...playing, pictureMs: nowMs - 6000 }
  expect(troubleOf(camera('online'), old, nowMs)).toMatchObject({ kind: 'late', sinceMs: nowMs - 6000 })
  expect(troubleOf(camera('online'), { ...old, transport: 'jpeg' }, nowMs)).toBeUndefined()
})
