/** What one part of the bench hands back: a table, what it has to reach, and what must be said beside it. */

export interface Target {
  readonly what: string
  readonly unit: string
  /** At most this. */
  readonly limit: number
  /** null: could not be measured. */
  readonly measured: number | null
}

export interface Section {
  /** Also the word after `--only` that measures it again. */
  readonly name: string
  readonly title: string
  /** What gives this table again. */
  readonly command: string
  readonly rows: readonly Readonly<Record<string, string | number>>[]
  readonly targets: readonly Target[]
  /** How it was measured, and what could not be. */
  readonly notes: readonly string[]
}

/** Everything that a part may be asked for. */
export interface BenchOptions {
  readonly cameras: readonly number[]
  readonly seconds: number
  readonly kills: number
  readonly rows: number
  readonly samples: number
  readonly peers: boolean
  /** Folder with real clips, for the motion part. */
  readonly clips: string
}

/** A target's line: whether it is met, and by what. */
export function judge({ what, unit, limit, measured }: Target): string {
  if (measured === null || Number.isNaN(measured)) return `not measured: ${what} (≤ ${limit} ${unit})`
  return `${measured <= limit ? 'met' : 'MISSED'}: ${what}: ${measured} ${unit} (≤ ${limit} ${unit})`
}
