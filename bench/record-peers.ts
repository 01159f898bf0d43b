/** Other recorders on the same cameras: `ffmpeg -c copy`, one process a camera, and Debian's `motion`. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { measureRecording, type RecordResult } from './record-run.ts'
import type { SimulatedCameras } from './simulated-cameras.ts'

export type StartPeer = (cameras: SimulatedCameras, folder: string) => ChildProcess[]

export async function measurePeer(
  what: string,
  cameras: SimulatedCameras,
  start: StartPeer,
  seconds: number,
): Promise<RecordResult> {
  const folder = mkdtempSync(join(tmpdir(), 'vedette-peer-'))
  const children = start(cameras, folder)
  const stop = async () => {
    const gone = children.map(
      (child) => child.exitCode !== null || new Promise((resolve) => child.once('exit', resolve)),
    )
    for (const child of children) child.kill('SIGINT')
    await Promise.all(gone)
  }
  try {
    const pids = children.map((child) => child.pid ?? 0)
    return await measureRecording(what, cameras, { pids, folder, stop }, seconds)
  } finally {
    for (const child of children) child.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
}

export const startFfmpeg: StartPeer = (cameras, folder) =>
  cameras.cameras.map(({ name, main }) => {
    mkdirSync(join(folder, name))
    const input = ['-nostdin', '-loglevel', 'error', '-rtsp_transport', 'tcp', '-i', main]
    const segments = ['-f', 'segment', '-segment_time', '60', '-segment_format', 'matroska', '-reset_timestamps', '1']
    return spawn('ffmpeg', [...input, '-c', 'copy', ...segments, join(folder, name, '%05d.mkv')], { stdio: 'ignore' })
  })

/** Watches the sub stream and records the main stream all the time, unencoded. */
export const startMotion: StartPeer = (cameras, folder) => {
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
    const camera = [`camera_id ${index + 1}`, `camera_name ${name}`, `netcam_url ${sub}`, `netcam_high_url ${main}`]
    writeFileSync(file, [...camera, `movie_filename ${name}/%v-%Y%m%d%H%M%S`, ''].join('\n'))
    lines.push(`camera ${file}`)
  }
  writeFileSync(join(folder, 'motion.conf'), `${lines.join('\n')}\n`)
  return [spawn('motion', ['-n', '-c', join(folder, 'motion.conf')], { stdio: 'ignore' })]
}
