/** Finds a running Vedette's processes, to kill them, and waits for what a test needs of it. */
import { join } from 'node:path'
import { type SystemStatus, systemStatus } from '@vedette/shared/system.ts'
import { expect, vi } from 'vitest'
import { readSentMs } from '../../bench/footage.ts'
import type { CameraOptions } from '../cameras/simulated-camera.ts'
import type { RunningVedette } from './running-vedette.ts'

/** Two cores may be busy with other tests. */
export const patience = { timeout: 40_000, interval: 100 }

/** Named `yard`; little to decode and to write, a key frame each second. */
export const lightCamera: CameraOptions = {
  name: 'yard',
  main: { width: 320, height: 176, fps: 25, gopFrames: 25, seconds: 14, kbitPerS: 500 },
  sub: null,
}

export async function statusOf(vedette: RunningVedette): Promise<SystemStatus> {
  return systemStatus.parse(await vedette.call('GET', '/api/system/status'))
}

/** Waits for it where it is just starting. */
export function pidOf(vedette: RunningVedette, name: 'control' | 'recorder' | 'vision'): Promise<number> {
  return vi.waitFor(async () => {
    const process = (await statusOf(vedette)).processes.find((one) => one.name === name)
    expect(process?.state).toBe('running')
    return process?.pid ?? expect.fail(`${name} has no process id`)
  }, patience)
}

export function allRecording(vedette: RunningVedette): Promise<void> {
  return vi.waitFor(async () => {
    const cameras = await vedette.cameras()
    expect(cameras.map((camera) => camera.status.recording)).toEqual(cameras.map(() => true))
  }, patience)
}

/** When the frames of a simulated camera's main stream that lie in files were sent. */
export function sentOnDisk(footageDir: string, camera: string): readonly number[] {
  return readSentMs(footageDir).get(`${camera} main`) ?? []
}

/** Resolves when `count` more frames lie in files than now. */
export async function moreFrames(vedette: RunningVedette, camera: string, count: number): Promise<void> {
  const footageDir = join(vedette.dataDir, 'footage')
  const before = sentOnDisk(footageDir, camera).length
  await vi.waitFor(() => expect(sentOnDisk(footageDir, camera).length).toBeGreaterThanOrEqual(before + count), patience)
}
