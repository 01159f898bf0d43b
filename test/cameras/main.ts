/**
 * The simulated cameras as a program: `node test/cameras/main.ts --count 4 [--port 8554] [--ctl 8553] [--hd] …`
 * Prints one JSON line when all are ready: {"control": "http://…", "cameras": [{"name", "main", "sub"}]}. Ends on SIGTERM, SIGINT or when its
 * parent closes standard input (with --with-parent).
 */
import { parseArgs } from 'node:util'
import { giveBackMemory } from '../../server/src/lib/give-back-memory.ts'
import { openControl } from './control.ts'
import { type CameraOptions, SimulatedCamera } from './simulated-camera.ts'

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '1' },
    /** Camera n listens on port + n; 0: any free ports. */
    port: { type: 'string', default: '0' },
    ctl: { type: 'string', default: '0' },
    /** 1920×1080 at 4 Mbit/s instead of 1280×720 at 2. */
    hd: { type: 'boolean', default: false },
    fps: { type: 'string', default: '25' },
    gop: { type: 'string', default: '50' },
    kbit: { type: 'string' },
    'no-sub': { type: 'boolean', default: false },
    audio: { type: 'string', default: 'none' },
    username: { type: 'string', default: '' },
    password: { type: 'string', default: '' },
    /** All cameras show the same scene at the same moment: one clip to draw. */
    alike: { type: 'boolean', default: false },
    /** none or always; otherwise somebody walks through for 8 of 20 s. */
    visits: { type: 'string' },
    /** The sub stream's bitrate follows its scene at this quality (x264's scale), as a camera set to VBR. */
    'sub-crf': { type: 'string' },
    'with-parent': { type: 'boolean', default: false },
  },
})

function optionsOf(index: number): CameraOptions {
  const size = values.hd ? { width: 1920, height: 1080, kbitPerS: 4000 } : {}
  const kbit = values.kbit ? { kbitPerS: Number(values.kbit) } : {}
  const visits = values.visits === 'none' || values.visits === 'always' ? ({ visits: values.visits } as const) : {}
  const variant = values.alike ? 0 : index % 4
  const port = Number(values.port)
  return {
    name: `cam${index}`,
    port: port && port + index,
    main: { ...size, ...kbit, ...visits, variant, fps: Number(values.fps), gopFrames: Number(values.gop) },
    sub: values['no-sub'] ? null : { ...visits, ...(values['sub-crf'] ? { crf: Number(values['sub-crf']) } : {}) },
    ...(values.audio === 'aac' || values.audio === 'pcm_alaw' ? { audio: values.audio } : {}),
    ...(values.username
      ? { auth: { scheme: 'digest', username: values.username, password: values.password } as const }
      : {}),
    phaseS: values.alike ? 0 : index * 5,
  }
}

const cameras: SimulatedCamera[] = []
for (let index = 0; index < Number(values.count); index++) cameras.push(await SimulatedCamera.open(optionsOf(index)))
const control = await openControl(cameras, Number(values.ctl))
const list = cameras.map((camera, index) => ({
  name: `cam${index}`,
  main: camera.address('main'),
  sub: values['no-sub'] ? null : camera.address('sub'),
}))
console.log(JSON.stringify({ control: control.address, cameras: list }))
// Drawing made far more than the clips that are kept.
setTimeout(giveBackMemory, 3000).unref()

async function end(): Promise<void> {
  control.close()
  await Promise.all(cameras.map((camera) => camera.close()))
  process.exit(0)
}
process.once('SIGTERM', end)
process.once('SIGINT', end)
if (values['with-parent']) process.stdin.resume().once('end', end)
