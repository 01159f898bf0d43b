/**
 * kill -9 of each process at random moments: how much footage is missing around each kill, by the numbers on the frames,
 * and whether the footage is sound afterwards.
 */
import { spawnSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { systemStatus } from '@vedette/shared/system.ts'
import { RunningVedette } from '../test/support/running-vedette.ts'
import { readFootage } from './footage.ts'
import { type Percentiles, percentiles } from './percentiles.ts'
import { openSimulatedCameras } from './simulated-cameras.ts'

export interface CrashResult {
  readonly killed: string
  readonly kills: number
  /** Seconds without a frame on disk, one value per hole and camera. */
  readonly lossS: Percentiles
  /** What `vedette verify` says afterwards: 0 is sound. */
  readonly verifyExit: number | null
}

type Victim = 'recorder' | 'control' | 'vision' | 'recorder and control'

export async function benchCrash(victim: Victim, runs: number): Promise<CrashResult> {
  const cameras = await openSimulatedCameras(2, ['--alike'])
  let vedette = await RunningVedette.open()
  const { dataDir } = vedette
  try {
    await vedette.setUp()
    for (const { name, main, sub } of cameras.cameras) await vedette.addCamera({ name, address: main, subAddress: sub })
    await allRecording(vedette)
    for (let run = 0; run < runs; run++) {
      await wait(3000 + Math.random() * 3000)
      vedette = await kill(vedette, victim, dataDir)
      await allRecording(vedette)
    }
    await wait(3000)
    await vedette.stop()
    const main = resolve(import.meta.dirname, '../server/src/main.ts')
    const verify = spawnSync(process.execPath, [main, 'verify', '--data', dataDir, '--json'], { encoding: 'utf8' })
    const footage = readFootage(join(dataDir, 'footage'))
    const losses = cameras.cameras
      .flatMap(({ name }) => footage.get(`${name} main`)?.gapsMs ?? [])
      .map((gapMs) => gapMs / 1000 - 0.04)
    return { killed: victim, kills: runs, lossS: percentiles(losses, 2), verifyExit: verify.status }
  } finally {
    await cameras.close()
    await vedette.close()
  }
}

async function kill(vedette: RunningVedette, victim: Victim, dataDir: string): Promise<RunningVedette> {
  if (victim === 'vision') {
    const status = systemStatus.parse(await vedette.call('GET', '/api/system/status'))
    const pid = status.processes.find((process) => process.name === 'vision')?.pid
    if (pid) process.kill(pid, 'SIGKILL')
    return vedette
  }
  const lock: unknown = JSON.parse(await readFile(join(dataDir, 'recorder.lock'), 'utf8'))
  const recorderPid = lock && typeof lock === 'object' && 'pid' in lock ? Number(lock.pid) : 0
  if (victim !== 'control') process.kill(recorderPid, 'SIGKILL')
  if (victim === 'recorder') return vedette
  await vedette.stop('SIGKILL')
  const next = await RunningVedette.open({ dataDir })
  await next.signIn()
  return next
}

async function allRecording(vedette: RunningVedette): Promise<void> {
  for (;;) {
    const cameras = await vedette.cameras()
    if (cameras.length > 0 && cameras.every((camera) => camera.status.recording)) return
    await wait(100)
  }
}
