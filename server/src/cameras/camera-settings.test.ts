import { cameraChange } from '@vedette/shared/camera.ts'
import { expect, test } from 'vitest'
import { planChange, planNewCamera, restartsPipeline } from './camera-settings.ts'

const yard = () => planNewCamera({ name: 'Yard', address: 'rtsp://anna:se%40cret@10.0.0.7/main' })

test('splits pasted credentials out of the address', () => {
  const { settings, password } = yard()
  expect(settings).toMatchObject({ address: 'rtsp://10.0.0.7/main', username: 'anna', mode: 'continuous' })
  expect(password).toBe('se@cret')
  expect(JSON.stringify(settings)).not.toContain('cret')
})

test('keeps the password for changes on the same host', () => {
  const { settings } = yard()
  expect(planChange(settings, { name: 'Garden' }).password).toBeUndefined()
  expect(planChange(settings, { address: 'rtsp://10.0.0.7:554/other' }).password).toBeUndefined()
  expect(planChange(settings, { motion: { sensitivity: 70 } }).settings.motion).toMatchObject({
    sensitivity: 70,
    minFrames: 2,
  })
})

test('a change of one motion setting keeps the others, zones above all', () => {
  expect(cameraChange.parse({ motion: { sensitivity: 70 } })).toEqual({ motion: { sensitivity: 70 } })
  const corner = { name: 'gate', kind: 'include', points: Array.from({ length: 3 }, () => ({ x: 0, y: 0 })) } as const
  const before = planChange(yard().settings, { motion: { zones: [corner] } }).settings
  const after = planChange(before, cameraChange.parse({ motion: { sensitivity: 70 } })).settings
  expect(after.motion).toEqual({ ...before.motion, sensitivity: 70 })
})

test.each(['rtsp://10.0.0.8/main', 'rtsp://10.0.0.7:8554/main', 'rtsps://10.0.0.7:554/main'])(
  'never hands the old password to another host or port: %s',
  (address) => {
    const { settings } = yard()
    expect(planChange(settings, { address }).password).toBeNull()
    expect(planChange(settings, { address, password: 'new' }).password).toBe('new')
  },
)

test('a sub stream on another host is refused, since it would get the password too', () => {
  const { settings } = yard()
  expect(() => planChange(settings, { subAddress: 'rtsp://10.9.9.9/sub' })).toThrow(/another host/)
  expect(planChange(settings, { subAddress: 'rtsp://10.0.0.7/sub' }).settings.subAddress).toBe('rtsp://10.0.0.7/sub')
})

test('a sub stream on another port of the same host needs the password again', () => {
  const { settings } = yard()
  expect(planChange(settings, { subAddress: 'rtsp://10.0.0.7:9000/sub' }).password).toBeNull()
  expect(planChange(settings, { subAddress: 'rtsp://10.0.0.7/sub' }).password).toBeUndefined()
})

test('says which changes restart the pipeline', () => {
  const { settings } = yard()
  expect(restartsPipeline(settings, { ...settings, name: 'x', keepDays: 3 })).toBe(false)
  expect(restartsPipeline(settings, { ...settings, mode: 'off' })).toBe(true)
})
