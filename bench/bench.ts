/**
 * `npm run bench`: what the product costs and how quick it is, beside others where there are any.
 * Prints one JSON line and one table a part, and keeps them in bench/results.md.
 *
 * --only record,crash,…   parts; all but soak without it       --cameras 1,8,16  counts for the record part
 * --seconds N             measured time of each recording       --quick          everything in small, nothing is kept
 * --kills N               kills of each process and GOP         --rows N         segments and events in the database
 * --soak                  64 cameras for 10 minutes only        --no-peers       without other recorders
 * --clips DIR             real clips for the motion part        --keep / --no-keep  write bench/results.md or not
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { authSection } from './auth.ts'
import { crashSection } from './crash.ts'
import { liveSection } from './live.ts'
import { readLoad } from './machine.ts'
import { motionSection } from './motion-section.ts'
import { playbackSection } from './playback.ts'
import { recordSection, soakSection } from './record.ts'
import { writeResults } from './results-page.ts'
import { type BenchOptions, judge, type Section } from './section.ts'
import { startSection } from './start.ts'
import { timelineSection } from './timeline.ts'

const parts: Record<string, (options: BenchOptions) => Promise<Section>> = {
  record: recordSection,
  crash: crashSection,
  timeline: timelineSection,
  start: startSection,
  live: liveSection,
  playback: playbackSection,
  motion: motionSection,
  auth: authSection,
}

const { values } = parseArgs({
  allowNegative: true,
  options: {
    only: { type: 'string' },
    cameras: { type: 'string' },
    seconds: { type: 'string' },
    kills: { type: 'string' },
    rows: { type: 'string' },
    clips: { type: 'string', default: join(import.meta.dirname, '../../shared/footage') },
    quick: { type: 'boolean', default: false },
    soak: { type: 'boolean', default: false },
    peers: { type: 'boolean', default: true },
    keep: { type: 'boolean' },
  },
})
const { quick } = values
const number = (text: string | undefined, usual: number) => Number(text ?? usual)
const options: BenchOptions = {
  cameras: (values.cameras ?? (quick ? '2' : '1,8,16,32,64')).split(',').map(Number),
  seconds: number(values.seconds, quick ? 5 : 60),
  kills: number(values.kills, quick ? 1 : 7),
  rows: number(values.rows, quick ? 20_000 : 1_000_000),
  samples: quick ? 5 : 30,
  peers: values.peers && !quick,
  clips: values.clips,
}

const wanted = values.soak ? ['soak'] : (values.only?.split(',') ?? Object.keys(parts))
const unknown = wanted.filter((name) => !(name in parts) && name !== 'soak')
if (unknown.length > 0) {
  console.error(`There is no part ${unknown.join(', ')}. Parts: ${Object.keys(parts).join(', ')}.`)
  process.exit(2)
}
for (const name of wanted) {
  const before = readLoad()
  const section =
    name === 'soak'
      ? await soakSection(number(values.seconds, 600), Number(values.cameras ?? 64))
      : await parts[name]?.(options)
  if (!section) continue
  const load = { before, after: readLoad() }
  console.log(JSON.stringify({ bench: name, load, rows: section.rows, targets: section.targets }))
  console.log(`\n${section.title}`)
  console.table(section.rows)
  for (const target of section.targets) console.log(`  ${judge(target)}`)
  for (const note of section.notes) console.log(`  ${note}`)
  if (values.keep ?? !quick) writeResults([section], load)
}
process.exit(0)
