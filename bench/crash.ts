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
import { percentiles } from './percentiles.ts'
import type { BenchOptions, Section } from './section.ts'
import { openSimulatedCameras } from './simulated-cameras.ts'

type Victim = 'recorder' | 'control' | 'vision' | 'recorder and control'

interface CrashResult {
  readonly victim: Victim
  readonly kills: number
  /** Seconds without a frame on disk, one value per kill and camera; 0 where nothing is missing. */
  readonly lossS: readonly number[]
  /** What `vedette verify` says afterwards: 0 is sound. */
  readonly verifyExit: number | null
  readonly verifySays: string
}

const victims: readonly { victim: Victim; limitS: number }[] = [
  { victim: 'recorder', limitS: 2 },
  { victim: 'control', limitS: 2 },
  { victim: 'vision', limitS: 0 },
  { victim: 'recorder and control', limitS: 4 },
]
const frameS = 0.04
/** A key frame a second, as recorders are told to set cameras: footage can begin again only at one. */
const gopFrames = 25

export async function crashSection({ kills }: BenchOptions): Promise<Section> {
  const results: CrashResult[] = []
  for (const { victim } of victims) results.push(await measureVictim(victim, kills))
  const rows = results.map(({ victim, kills, lossS, verifyExit, verifySays }) => {
    const { p50, p95, max } = percentiles(lossS, 2)
    const verify = verifyExit === 0 ? 'sound' : `exit ${verifyExit}: ${verifySays}`
    return { killed: victim, kills, 'lost s, p50': p50, p95, max, verify }
  })
  return {
    name: 'crash',
    title: 'kill -9',
    command: `npm run bench -- --only crash --kills ${kills}`,
    rows,
    targets: [
      ...victims.slice(0, 3).map(({ victim, limitS }, index) => ({
        what: `lost by kill -9 of ${victim}, p95`,
        unit: 's',
        limit: limitS,
        measured: rows[index]?.p95 ?? null,
      })),
      {
        what: 'runs after which `vedette verify` finds damage',
        unit: 'runs',
        limit: 0,
        measured: results.filter(({ verifyExit }) => verifyExit !== 0).length,
      },
    ],
    notes: [
      `Two cameras with a key frame every ${gopFrames * frameS} s; 3 to 6 s between kills; each value is one camera's hole at one kill. A control that was killed is started again at once.`,
      'A hole is what lay unwritten, plus the time to start again and to connect, plus the wait for the next key frame.',
    ],
  }
}

async function measureVictim(victim: Victim, kills: number): Promise<CrashResult> {
  const cameras = await openSimulatedCameras(2, ['--gop', String(gopFrames)])
  let vedette = await RunningVedette.open()
  const { dataDir } = vedette
  try {
    await vedette.setUp()
    for (const { name, main, sub } of cameras.cameras) await vedette.addCamera({ name, address: main, subAddress: sub })
    await allRecording(vedette)
    for (let run = 0; run < kills; run++) {
      await wait(3000 + Math.random() * 3000)
      vedette = await kill(vedette, victim, dataDir)
      await allRecording(vedette)
    }
    await wait(3000)
    await vedette.stop()
    const verify = runVerify(dataDir)
    const footage = readFootage(join(dataDir, 'footage'))
    const holes = cameras.cameras
      .flatMap(({ name }) => footage.get(`${name} main`)?.gapsMs ?? [])
      .map((gapMs) => gapMs / 1000 - frameS)
    const unhurt = Math.max(0, kills * cameras.cameras.length - holes.length)
    return { victim, kills, lossS: [...holes, ...Array<number>(unhurt).fill(0)], ...verify }
  } finally {
    await cameras.close()
    await vedette.close()
  }
}

function runVerify(dataDir: string): { verifyExit: number | null; verifySays: string } {
  const main = resolve(import.meta.dirname, '../server/src/main.ts')
  const ran = spawnSync(process.execPath, [main, 'verify', '--data', dataDir, '--json'], { encoding: 'utf8' })
  return { verifyExit: ran.status, verifySays: `${ran.stdout}${ran.stderr}`.replace(/\s+/g, ' ').slice(0, 300) }
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
