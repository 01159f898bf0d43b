/**
 * Recording N cameras of 1920×1080 at 25 frames and 4 Mbit/s: CPU, memory and missing frames, beside other recorders in the
 * same run. Watching looks at a 640×360 sub stream at 10 frames whose bitrate varies with its scene.
 */
import { hasProgram } from './machine.ts'
import { measurePeer, startFfmpeg, startMotion } from './record-peers.ts'
import { measureVedette, type RecordResult } from './record-run.ts'
import type { BenchOptions, Section } from './section.ts'
import { openSimulatedCameras, type SimulatedCameras } from './simulated-cameras.ts'

const scenes = {
  quiet: ['--hd', '--alike', '--sub-crf', '28', '--visits', 'none'],
  busy: ['--hd', '--alike', '--sub-crf', '28', '--visits', 'always'],
}
const mostForMotion = 16
const baseMB = 250
const cameraMB = 8

export async function recordSection(options: BenchOptions): Promise<Section> {
  const results: RecordResult[] = []
  for (const cameras of options.cameras) results.push(...(await measureCount(cameras, options)))
  const ofSixteen = (what: string) => results.find((result) => result.what === what && result.cameras === 16)
  const cpu = (what: string) => ofSixteen(what)?.cpuPercent ?? null
  const memory = results
    .filter((result) => result.what.startsWith('vedette'))
    .map(({ what, cameras, pssMB }) => ({
      what: `memory, ${what}, ${cameras} cameras`,
      unit: 'MB',
      limit: baseMB + cameraMB * cameras,
      measured: pssMB,
    }))
  const missing = results.filter(({ what }) => what.startsWith('vedette'))
  return {
    name: 'record',
    // Other counts than the one with the targets stand beside it.
    title: options.cameras.includes(16) ? 'Recording' : `Recording with ${options.cameras.join(', ')} cameras`,
    command: `npm run bench -- --only record --cameras ${options.cameras.join(',')} --seconds ${options.seconds}`,
    rows: results.map((result) => ({
      what: result.what,
      cameras: result.cameras,
      'CPU % of a core per camera': result.cpuPercent,
      'of it recorder': result.byProcess['recorder-main'] ?? '',
      'of it vision': result.byProcess['vision-main'] ?? '',
      'PSS MB': result.pssMB,
      'cameras recorded': result.camerasRecorded,
      'frames sent': result.framesSent,
      'frames missing': result.framesMissing,
    })),
    targets: [
      ...(options.cameras.includes(16) ? targetsOfSixteen(cpu) : []),
      ...memory,
      {
        what: 'frames missing on disk in all runs',
        unit: 'frames',
        limit: 0,
        measured: missing.reduce((sum, result) => sum + result.framesMissing, 0),
      },
    ],
    notes: [
      'CPU time of all processes of each program, by the kernel; the simulated cameras run in a process of their own that is not counted. PSS at the end of the run.',
      'Frames are counted by the numbers that the cameras write into them. Busy: somebody always walks through. Quiet: nobody does.',
      ...(hasProgram('ffmpeg') ? [] : ['ffmpeg is not installed: not compared.']),
      ...(hasProgram('motion') ? [] : ['motion is not installed: not compared.']),
    ],
  }
}

async function measureCount(count: number, { seconds, peers }: BenchOptions): Promise<RecordResult[]> {
  const results: RecordResult[] = []
  await withCameras(count, scenes.quiet, async (cameras) => {
    results.push(await measureVedette('vedette record', cameras, { watches: false, seconds }))
    if (peers && hasProgram('ffmpeg')) results.push(await measurePeer('ffmpeg -c copy', cameras, startFfmpeg, seconds))
    results.push(await measureVedette('vedette record + watch, quiet', cameras, { watches: true, seconds }))
  })
  await withCameras(count, scenes.busy, async (cameras) => {
    results.push(await measureVedette('vedette record + watch, busy', cameras, { watches: true, seconds }))
    if (peers && hasProgram('motion') && count <= mostForMotion)
      results.push(await measurePeer('motion, busy', cameras, startMotion, seconds))
  })
  return results
}

/** 64 cameras, 10 minutes: not one frame may be missing. */
export async function soakSection(seconds: number, count: number): Promise<Section> {
  const results: RecordResult[] = []
  await withCameras(count, scenes.quiet, async (cameras) => {
    results.push(await measureVedette('vedette record', cameras, { watches: false, seconds }))
  })
  const [result] = results
  return {
    name: 'soak',
    title: 'Many cameras for long',
    command: `npm run bench -- --soak --cameras ${count} --seconds ${seconds}`,
    rows: results.map((one) => ({
      cameras: one.cameras,
      seconds: one.seconds,
      'frames sent': one.framesSent,
      'frames missing': one.framesMissing,
      'last frame before the stop, ms': one.tailMs,
      'CPU % of a core per camera': one.cpuPercent,
      'PSS MB': one.pssMB,
    })),
    targets: [
      {
        what: `frames missing, ${count} cameras, ${seconds} s`,
        unit: 'frames',
        limit: 0,
        // A camera of which nothing is there has no numbers that could be missing.
        measured: result?.camerasRecorded === count ? result.framesMissing : null,
      },
    ],
    notes: ['Every frame that the cameras numbered from the first to the last on disk.'],
  }
}

async function withCameras(
  count: number,
  args: readonly string[],
  work: (cameras: SimulatedCameras) => Promise<void>,
): Promise<void> {
  const cameras = await openSimulatedCameras(count, args)
  try {
    await work(cameras)
  } finally {
    await cameras.close()
  }
}

function targetsOfSixteen(cpu: (what: string) => number | null): Section['targets'] {
  return [
    {
      what: 'record only, 16 cameras, per camera',
      unit: '% of a core',
      limit: 0.45,
      measured: cpu('vedette record'),
    },
    {
      what: 'record only, 16 cameras, not more than ffmpeg -c copy in the same run',
      unit: '% of a core',
      limit: cpu('ffmpeg -c copy') ?? Number.NaN,
      measured: cpu('ffmpeg -c copy') === null ? null : cpu('vedette record'),
    },
    {
      what: 'record + watch, busy, 16 cameras',
      unit: '% of a core',
      limit: 1.4,
      measured: cpu('vedette record + watch, busy'),
    },
    {
      what: 'record + watch, quiet, 16 cameras',
      unit: '% of a core',
      limit: 0.8,
      measured: cpu('vedette record + watch, quiet'),
    },
  ]
}
