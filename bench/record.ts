/**
 * CPU and memory while recording N cameras, beside `ffmpeg -c copy` (one process a camera) and `motion` in the same run,
 * and the frames that are missing on disk of what the cameras sent.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { RunningVedette } from '../test/support/running-vedette.ts'
import { readFootage } from './footage.ts'
import { readUsage } from './process-tree.ts'
import { openSimulatedCameras, type SimulatedCameras } from './simulated-cameras.ts'

export interface RecordResult {
  readonly what: string
  readonly cameras: number
  readonly seconds: number
  /** % of one core per camera. */
  readonly cpuPercentPerCamera: number
  readonly pssMB: number
  readonly framesSent: number | null
  readonly framesMissing: number
  readonly camerasRecorded: number
}

export interface RecordOptions {
  readonly cameras: number
  readonly seconds: number
  readonly peers: boolean
  /** Arguments for the simulated cameras besides the count. */
  readonly cameraArgs?: readonly string[]
}

const warmUpMs = 10_000

export async function benchRecord(options: RecordOptions): Promise<RecordResult[]> {
  const cameras = await openSimulatedCameras(options.cameras, options.cameraArgs ?? ['--hd', '--alike'])
  try {
    const results = [await runVedette('vedette record', cameras, false, options)]
    if (options.peers && hasProgram('ffmpeg'))
      results.push(await runPeer('ffmpeg -c copy', cameras, startFfmpeg, options))
    results.push(await runVedette('vedette record + watch', cameras, true, options))
    if (options.peers && hasProgram('motion') && options.cameras <= 16)
      results.push(await runPeer('motion record + watch', cameras, startMotion, options))
    return results
  } finally {
    await cameras.close()
  }
}

async function runVedette(
  what: string,
  cameras: SimulatedCameras,
  watches: boolean,
  options: RecordOptions,
): Promise<RecordResult> {
  const vedette = await RunningVedette.open()
  try {
    await vedette.setUp()
    for (const { name, main, sub } of cameras.cameras)
      await vedette.addCamera({
        name,
        address: main,
        ...(watches && sub ? { subAddress: sub } : {}),
        motion: { enabled: watches },
      })
    while (!(await vedette.cameras()).every((camera) => camera.status.recording)) await wait(250)
    return await measure(what, cameras, [vedette.process.pid ?? 0], options, {
      stop: () => vedette.stop(),
      folder: vedette.dataDir,
    })
  } finally {
    await vedette.close()
  }
}

async function runPeer(
  what: string,
  cameras: SimulatedCameras,
  start: (cameras: SimulatedCameras, folder: string) => ChildProcess[],
  options: RecordOptions,
): Promise<RecordResult> {
  const folder = mkdtempSync(join(tmpdir(), 'vedette-peer-'))
  const children = start(cameras, folder)
  const stop = async () => {
    const gone = children.map((child) => new Promise((resolve) => child.once('exit', resolve)))
    for (const child of children) child.kill('SIGINT')
    await Promise.all(gone)
  }
  try {
    return await measure(
      what,
      cameras,
      children.map((child) => child.pid ?? 0),
      options,
      { stop, folder },
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function measure(
  what: string,
  cameras: SimulatedCameras,
  pids: readonly number[],
  options: RecordOptions,
  run: { readonly stop: () => Promise<unknown>; readonly folder: string },
): Promise<RecordResult> {
  await wait(warmUpMs)
  const before = readUsage(pids)
  const startedMs = performance.now()
  await wait(options.seconds * 1000)
  const after = readUsage(pids)
  const seconds = (performance.now() - startedMs) / 1000
  await run.stop()
  const footage = [...readFootage(run.folder)].filter(([key]) => key.endsWith(' main')).map(([, stream]) => stream)
  const sum = (pick: (stream: (typeof footage)[number]) => number) =>
    footage.reduce((total, stream) => total + pick(stream), 0)
  return {
    what,
    cameras: cameras.cameras.length,
    seconds: Math.round(seconds),
    cpuPercentPerCamera: round((100 * (after.cpuS - before.cpuS)) / seconds / cameras.cameras.length, 3),
    pssMB: round(after.pssBytes / 1e6, 1),
    framesSent: sum((stream) => stream.last - stream.first + 1),
    framesMissing: sum((stream) => stream.missing),
    camerasRecorded: footage.length,
  }
}

function startFfmpeg(cameras: SimulatedCameras, folder: string): ChildProcess[] {
  return cameras.cameras.map(({ name, main }) => {
    mkdirSync(join(folder, name))
    return spawn(
      'ffmpeg',
      [
        '-nostdin',
        '-loglevel',
        'error',
        '-rtsp_transport',
        'tcp',
        '-i',
        main,
        '-c',
        'copy',
        '-f',
        'segment',
        '-segment_time',
        '60',
        '-segment_format',
        'matroska',
        '-reset_timestamps',
        '1',
        join(folder, name, '%05d.mkv'),
      ],
      { stdio: 'ignore' },
    )
  })
}

function startMotion(cameras: SimulatedCameras, folder: string): ChildProcess[] {
  const lines = [
    'daemon off',
    'setup_mode off',
    'log_level 5',
    'webcontrol_port 0',
    'stream_port 0',
    'picture_output off',
    'netcam_use_tcp on',
    'width 640',
    'height 360',
    'framerate 25',
    'event_gap 5',
    'threshold 1500',
    'emulate_motion on',
    'movie_output on',
    'movie_passthrough on',
    'movie_codec mkv',
    'movie_max_time 60',
    'text_left',
    'text_right',
    `target_dir ${folder}`,
    `log_file ${folder}/motion.log`,
  ]
  for (const [index, { name, main, sub }] of cameras.cameras.entries()) {
    const file = join(folder, `${name}.conf`)
    writeFileSync(
      file,
      `camera_id ${index + 1}\ncamera_name ${name}\nnetcam_url ${sub}\nnetcam_high_url ${main}\nmovie_filename ${name}/%v-%Y%m%d%H%M%S\n`,
    )
    lines.push(`camera ${file}`)
  }
  writeFileSync(join(folder, 'motion.conf'), `${lines.join('\n')}\n`)
  return [spawn('motion', ['-n', '-c', join(folder, 'motion.conf')], { stdio: 'ignore' })]
}

const hasProgram = (name: string) => spawnSync('which', [name]).status === 0
const round = (value: number, digits: number) => Number(value.toFixed(digits))
