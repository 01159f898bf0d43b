/** The motion part's table (motion.ts measures it): what lean decoding misses against full decoding on real clips. */
import { existsSync } from 'node:fs'
import { benchMotion } from './motion.ts'
import type { BenchOptions, Section } from './section.ts'

export async function motionSection({ clips }: BenchOptions): Promise<Section> {
  const results = existsSync(clips) ? await benchMotion(clips) : []
  const measured = results.length > 0
  const worst = (pick: (result: (typeof results)[number]) => number) =>
    measured ? Math.max(...results.map((result) => pick(result))) : null
  return {
    name: 'motion',
    title: 'Motion by lean decoding against full decoding',
    command: 'npm run bench -- --only motion --clips <folder of the clips>',
    rows: results.map((r) => ({
      clip: r.what,
      minutes: r.minutes,
      visits: r.visits,
      missed: r.missed,
      additional: r.additional,
      'start later p95 / max, ms': `${r.startLaterP95} / ${r.startLaterMax}`,
      'said later p95, ms': r.saidLaterP95,
      'decoded %': Number((100 * r.decodedShare).toFixed(0)),
      'CPU % of a core, full': Number(r.cpuPercentFull.toFixed(2)),
      'CPU % of a core, lean': Number(r.cpuPercent.toFixed(2)),
    })),
    targets: [
      { what: 'visits missed', unit: 'visits', limit: 0, measured: worst((r) => r.missed) },
      { what: 'begins later, p95', unit: 'ms', limit: 500, measured: worst((r) => r.startLaterP95) },
    ],
    notes: [
      'Both ways watch the same packets of 640×360 at 10 frames a second; CPU of decoding and judging alone.',
      ...(measured ? [] : [`Not measured: the clips are not at ${clips}.`]),
    ],
  }
}
