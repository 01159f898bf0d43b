import type { CameraSettings } from '@vedette/shared/camera.ts'
import { alwaysWeek } from '@vedette/shared/schedule.ts'
import { expect, test } from 'vitest'
import { changedSections, changesOf, draftOf, needsPasswordAgain, reconnects, sectionOfField } from './camera-draft.ts'

const settings: CameraSettings = {
  name: 'Yard',
  location: '',
  enabled: true,
  address: 'rtsp://10.0.0.7/1',
  subAddress: null,
  username: 'admin',
  transport: 'tcp',
  liveMode: 'auto',
  mode: 'continuous',
  schedule: alwaysWeek,
  preRollMs: 5000,
  postRollMs: 10_000,
  recordAudio: false,
  keepDays: null,
  motion: { enabled: true, sensitivity: 50, minArea: 0.002, minFrames: 2, quietMs: 10_000, zones: [] },
  order: 0,
}
const draft = draftOf(settings)

test('sends nothing when nothing changed, also after changing back', () => {
  expect(changesOf(settings, draft)).toEqual({})
  expect(changesOf(settings, { ...draft, motion: { ...settings.motion } })).toEqual({})
})

test('sends only what changed and says where it was', () => {
  const change = changesOf(settings, { ...draft, name: 'Garden', keepDays: 14 })
  expect(change).toEqual({ name: 'Garden', keepDays: 14 })
  expect(changedSections(change)).toEqual(['general', 'recording'])
})

test('an untouched password is not sent, an emptied one is', () => {
  expect(changesOf(settings, draft)).not.toHaveProperty('password')
  expect(changesOf(settings, { ...draft, password: '' })).toEqual({ password: '' })
})

test('tells a change that interrupts recording from one that does not', () => {
  expect(reconnects(changesOf(settings, { ...draft, transport: 'udp' }))).toBe(true)
  expect(reconnects(changesOf(settings, { ...draft, recordAudio: true }))).toBe(true)
  expect(reconnects(changesOf(settings, { ...draft, name: 'x', keepDays: 3 }))).toBe(false)
  expect(reconnects(changesOf(settings, { ...draft, motion: { ...settings.motion, sensitivity: 60 } }))).toBe(false)
})

test('asks for the password again when it would go to another host or port', () => {
  const to = (address: string) => needsPasswordAgain(settings, { ...draft, address }, true)
  expect(to('rtsp://10.0.0.8/1')).toBe(true)
  expect(to('rtsp://10.0.0.7:8554/1')).toBe(true)
  expect(to('rtsp://10.0.0.7:554/other')).toBe(false)
  expect(needsPasswordAgain(settings, { ...draft, address: 'rtsp://b/1', password: 'new' }, true)).toBe(false)
  expect(needsPasswordAgain(settings, { ...draft, address: 'rtsp://b/1' }, false)).toBe(false)
})

test('finds the section of a refused field', () => {
  expect(sectionOfField('motion.zones.0.name')).toBe('motion')
  expect(sectionOfField('subAddress')).toBe('connection')
  expect(sectionOfField('unheard')).toBeUndefined()
})
