/**
 * kill -9 of each process at random moments: how much footage is missing around each kill, by the numbers on the frames,
 * and whether the footage is sound afterwards.
 */
import { spawnSync } from 'node:child_process'
import { join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { systemStatus } from '@vedette/shared/system.ts'
import { findHolder } from '../server/src/process-lock.ts'
import { RunningVedette } from '../test/support/running-vedette.ts'
import { readFootage } from './footage.ts'
import { percentiles } from './percentiles.ts'
import type { BenchOptions, Section } from './section.ts'
import { openSimulatedCameras } from './simulated-cameras.ts'

type Victim = 'recorder' | 'control' | 'vision' | 'recorder and control'

interface CrashResult {
  readonly victim: Victim
  readonly gopS: number
  readonly kills: number
  /** Seconds without a frame on disk, one value per kill and camera; 0 where nothing is missing. */
  readonly lossS: readonly number[]
  /** Frames that lie in two files. */
  readonly twice: number
  /** What `vedette verify` says afterwards: 0 is sound. */
  readonly verifyExit: number | null
  readonly verifySays: string
}

/** Nothing can record between the death of both and the next start: no limit of ours. */
const victims: readonly { victim: Victim; limitS: number | undefined }[] = [
  { victim: 'recorder', limitS: 2 },
  { victim: 'control', limitS: 2 },
  { victim: 'vision', limitS: 0 },
  { victim: 'recorder and control', limitS: undefined },
]
const frameS = 0.04
/** Footage can begin again only at a key frame. One second is what people are told to set; many cameras come with two. */
const gopsS = [1, 2]
const cameraCount = 4

export async function crashSection({ kills }: BenchOptions): Promise<Section> {
  const startedMs = performance.now()
  const results: CrashResult[] = []
  for (const { victim } of victims) for (const gopS of gopsS) results.push(await measureVictim(victim, gopS, kills))
  const minutes = Math.round((performance.now() - startedMs) / 60_000)
  const rows = results.map(({ victim, gopS, kills, lossS, twice, verifyExit, verifySays }) => {
    const { p50, p95, max } = percentiles(lossS, 2)
    const verify = verifyExit === 0 ? 'sound' : `exit ${verifyExit}: ${verifySays}`
    return {
      killed: victim,
      'key frame every s': gopS,
      kills,
      'lost s, p50': p50,
      p95,
      max,
      'frames twice': twice,
      verify,
    }
  })
  return {
    name: 'crash',
    title: 'kill -9',
    command: `npm run bench -- --only crash --kills ${kills}`,
    rows,
    targets: [
      ...victims.flatMap(({ victim, limitS }) =>
        limitS === undefined
          ? []
          : gopsS.map((gopS) => ({
              what: `lost by kill -9 of ${victim}, key frames every ${gopS} s, p95`,
              unit: 's',
              limit: limitS,
              measured: rows.find((row) => row.killed === victim && row['key frame every s'] === gopS)?.p95 ?? null,
            })),
      ),
      {
        what: 'runs after which `vedette verify` finds damage',
        unit: 'runs',
        limit: 0,
        measured: results.filter(({ verifyExit }) => verifyExit !== 0).length,
      },
    ],
    notes: [
      `${results.reduce((sum, result) => sum + result.kills, 0)} kills in ${minutes} min; ${cameraCount} cameras; 3 to 5 s between kills; each value is one camera's hole at one kill, 0 where nothing is missing. A control that was killed is started again at once.`,
      'control: its recorder goes on, and the next one takes over at a key frame, where it is connected already. recorder: what lay unwritten (1 s at most), plus start and connection, plus the wait for the camera’s next key frame, which RTSP has no way to ask for; so a hole is a whole number of seconds, more or less.',
    ],
  }
}

async function measureVictim(victim: Victim, gopS: number, kills: number): Promise<CrashResult> {
  const cameras = await openSimulatedCameras(cameraCount, ['--gop', String(Math.round(gopS / frameS))])
  let vedette = await RunningVedette.open()
  const { dataDir } = vedette
  try {
    await vedette.setUp()
    for (const { name, main, sub } of cameras.cameras) await vedette.addCamera({ name, address: main, subAddress: sub })
    await allRecording(vedette)
    for (let run = 0; run < kills; run++) {
      await wait(3000 + Math.random() * 2000)
      vedette = await kill(vedette, victim, dataDir)
      await allRecording(vedette)
    }
    await wait(3000)
    await vedette.stop()
    const verify = runVerify(dataDir)
    const footage = readFootage(join(dataDir, 'footage'))
    const holes = cameras.cameras
      .flatMap(({ name }) => footage.get(`${name} main`)?.holes ?? [])
      .map((frames) => frames * frameS)
    const unhurt = Math.max(0, kills * cameras.cameras.length - holes.length)
    const twice = cameras.cameras.reduce((sum, { name }) => sum + (footage.get(`${name} main`)?.twice ?? 0), 0)
    return { victim, gopS, kills, lossS: [...holes, ...Array<number>(unhurt).fill(0)], twice, ...verify }
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
  const recorderPid = await livingRecorder(dataDir)
  if (victim !== 'control') process.kill(recorderPid, 'SIGKILL')
  if (victim === 'recorder') return vedette
  await vedette.stop('SIGKILL')
  const next = await RunningVedette.open({ dataDir })
  await next.signIn()
  return next
}

/** On a busy machine the next one may not have taken over yet. */
async function livingRecorder(dataDir: string): Promise<number> {
  for (;;) {
    const holder = await findHolder(join(dataDir, 'recorder.lock'))
    if (holder) return holder.pid
    await wait(100)
  }
}

async function allRecording(vedette: RunningVedette): Promise<void> {
  for (;;) {
    const cameras = await vedette.cameras()
    if (cameras.length > 0 && cameras.every((camera) => camera.status.recording)) return
    await wait(100)
  }
}
